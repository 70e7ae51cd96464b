package io.tanja.pki.ca;

/** Why the CA does not issue: the closed catalogue. */
public enum IssuanceRefusal {
    /** The request is not a PKCS#10 request, or it is too long. */
    CSR_MALFORMED("csr_malformed", true),
    /** The request is not signed with the key that it holds. */
    CSR_SIGNATURE_INVALID("csr_signature_invalid", true),
    /** The key's kind or size is not accepted. */
    KEY_NOT_ACCEPTED("key_not_accepted", true),
    /** The lifetime asked for is above the limit. */
    LIFETIME_TOO_LONG("lifetime_too_long", true),
    /** The signing certificate is outside its time of validity. */
    SIGNER_NOT_VALID("signer_not_valid", false);

    private final String label;
    private final boolean callersFault;

    IssuanceRefusal(String label, boolean callersFault) {
        this.label = label;
        this.callersFault = callersFault;
    }

    /** The stable name used in logs and metrics. */
    public String label() {
        return label;
    }

    /** Whether another request could succeed, as opposed to another CA certificate. */
    public boolean callersFault() {
        return callersFault;
    }
}
