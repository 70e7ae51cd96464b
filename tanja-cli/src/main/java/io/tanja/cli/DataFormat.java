package io.tanja.cli;

/** How a command prints what it found. */
enum DataFormat {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON
}
