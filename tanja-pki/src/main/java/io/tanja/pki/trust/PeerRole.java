package io.tanja.pki.trust;

/** Which end of the handshake the peer is: its certificate must allow that use. */
public enum PeerRole {
    /** The peer called us. */
    CLIENT("1.3.6.1.5.5.7.3.2", "clientAuth"),
    /** We called the peer. */
    SERVER("1.3.6.1.5.5.7.3.1", "serverAuth");

    private final String extendedKeyUsage;
    private final String usageName;

    PeerRole(String extendedKeyUsage, String usageName) {
        this.extendedKeyUsage = extendedKeyUsage;
        this.usageName = usageName;
    }

    String extendedKeyUsage() {
        return extendedKeyUsage;
    }

    String usageName() {
        return usageName;
    }
}
