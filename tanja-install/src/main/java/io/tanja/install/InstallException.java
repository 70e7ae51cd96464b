package io.tanja.install;

/** Something could not be built or installed. The message is for people and says what, why, and what to do. */
public final class InstallException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what the object or file
     * @param why what is wrong with it
     * @param remedy what to do
     */
    public InstallException(String what, String why, String remedy) {
        super(what + ": " + why + "; " + remedy);
    }

    /** The message, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
