package io.tanja.diagnose;

/** Something could not be found out. The message is for people and says what, why, and what to do. */
public final class DiagnoseException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what the object or flag
     * @param why what is wrong with it
     * @param remedy what to do
     */
    public DiagnoseException(String what, String why, String remedy) {
        super(what + ": " + why + "; " + remedy);
    }

    /** The message, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
