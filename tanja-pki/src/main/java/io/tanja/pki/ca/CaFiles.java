package io.tanja.pki.ca;

/** The parts of a CA by their file names, wherever they lie. */
interface CaFiles {
    /** How messages name a file. */
    String path(String file);

    /** Whether it is there. */
    boolean has(String file);

    /** @throws CaMaterialException if it cannot be read or is too long */
    String text(String file) throws CaMaterialException;
}
