package io.tanja.model.api;

/**
 * Where an object was read.
 *
 * @param file file name, or another name of the source such as {@code kubernetes}
 * @param line line of the object's first field, from 1; 0 if the source has no lines
 */
public record Origin(String file, int line) {
    /** {@code file:line}. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
