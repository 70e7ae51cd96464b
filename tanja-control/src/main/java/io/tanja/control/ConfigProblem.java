package io.tanja.control;

/**
 * Something that keeps the control plane from starting.
 *
 * @param flag the flag that it concerns
 * @param message what is wrong
 * @param remedy what to do about it
 */
public record ConfigProblem(String flag, String message, String remedy) {
    @Override
    public String toString() {
        return flag + ": " + message + "; " + remedy;
    }
}
