package io.tanja.pki.der;

/** Bytes are not the DER that was expected. */
public final class DerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where; holds no byte of the input beyond tags and lengths */
    public DerException(String message) {
        super(message);
    }
}
