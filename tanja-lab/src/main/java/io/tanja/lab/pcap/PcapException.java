package io.tanja.lab.pcap;

import java.io.IOException;

/** A capture file cannot be read; the message says at which byte and why. */
public final class PcapException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public PcapException(String message) {
        super(message);
    }
}
