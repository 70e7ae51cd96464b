package io.tanja.model.validate;

import io.tanja.model.identity.Quote;

/**
 * Something wrong with a manifest or an object, said so that its author can put it right.
 *
 * @param severity whether the object is refused
 * @param file the file or other source
 * @param line the line in it, from 1; 0 if not known
 * @param object the object, {@code PeerAuthentication ns/name}; empty if the text is no object at all
 * @param field path of the field, {@code spec.mtls.mode}; empty if it concerns the whole object
 * @param message what is wrong; text from the manifest is quoted and escaped
 * @param remedy what to do about it
 */
public record Problem(
        Severity severity, String file, int line, String object, String field, String message, String remedy) {
    /** How bad it is. */
    public enum Severity {
        /** The object is refused. */
        ERROR,
        /** The object is served, or was never meant for the mesh. */
        WARNING
    }

    /** Whether the object is refused. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The same problem at another line. */
    public Problem at(int otherLine) {
        return new Problem(severity, file, otherLine, object, field, message, remedy);
    }

    /**
     * An annotation with a value that cannot be used.
     *
     * @param object the object
     * @param name the annotation
     * @param value its value, or the part of it that is wrong
     * @param message what is wrong, as {@code is not a port}
     */
    public static Problem ofAnnotation(String object, String name, String value, String message, String remedy) {
        String quoted = "\"" + Quote.printable(value) + "\" " + message;
        return new Problem(
                Severity.ERROR, "", 0, object, "metadata.annotations[" + Quote.printable(name) + "]", quoted, remedy);
    }

    /** The problem without its file: {@code object field: message; remedy}. */
    public String sentence() {
        StringBuilder out = new StringBuilder(object);
        if (!field.isEmpty()) {
            out.append(object.isEmpty() ? "" : " ").append(field);
        }
        if (!object.isEmpty() || !field.isEmpty()) {
            out.append(": ");
        }
        return out.append(message).append("; ").append(remedy).toString();
    }

    /** One line for people: {@code file:line: error: object field: message; remedy}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(file);
        if (line > 0) {
            out.append(':').append(line);
        }
        return out.append(isError() ? ": error: " : ": warning: ")
                .append(sentence())
                .toString();
    }
}
