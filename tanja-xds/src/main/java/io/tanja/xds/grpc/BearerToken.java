package io.tanja.xds.grpc;

/** A token as the value of an {@code authorization} header. */
public final class BearerToken {
    private BearerToken() {}

    /**
     * The header's value.
     *
     * @param token a token as it stands in its file; white space around it is dropped
     * @throws IllegalArgumentException if it is empty or has a character that a header cannot carry; the message does not
     *     quote it
     */
    public static String header(String token) {
        String text = token.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the token is empty");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                throw new IllegalArgumentException("the token has an unprintable character at index " + i);
            }
        }
        return "Bearer " + text;
    }
}
