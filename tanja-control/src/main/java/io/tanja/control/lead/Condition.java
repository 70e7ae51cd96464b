package io.tanja.control.lead;

/**
 * One aspect of an object's status, as {@code metav1.Condition} has it.
 *
 * @param type which aspect
 * @param holds whether it holds
 * @param reason why, in one word
 * @param message why, for people
 */
record Condition(String type, boolean holds, String reason, String message) {
    /** What the API says for {@link #holds}. */
    String status() {
        return holds ? "True" : "False";
    }
}
