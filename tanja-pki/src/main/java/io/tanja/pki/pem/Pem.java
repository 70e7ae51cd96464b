package io.tanja.pki.pem;

import io.tanja.model.identity.Quote;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads PEM text (RFC 7468): blocks between {@code BEGIN} and {@code END} lines, text around them ignored. Lines may end
 * in LF or CRLF. Stricter than many readers where leniency hides damage: a block without end, with another label at its
 * end, with headers or with bytes outside base64 is an error, not skipped.
 */
public final class Pem {
    /** The longest text that is read, in characters: far above any trust bundle in use. */
    public static final int MAX_LENGTH = 4 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int MAX_LABEL_LENGTH = 64;

    private Pem() {}

    /**
     * All blocks of {@code text}, in order; none if it holds none.
     *
     * @param source how messages call the text: a file's path or a field's name
     * @throws PemException if the text is too long or a block is damaged
     */
    public static List<PemBlock> parse(String source, String text) {
        if (text.length() > MAX_LENGTH) {
            throw new PemException(
                    source + ": has " + text.length() + " characters, more than the " + MAX_LENGTH + " allowed");
        }
        List<PemBlock> blocks = new ArrayList<>();
        String label = "";
        int beginLine = 0;
        StringBuilder body = new StringBuilder();
        int number = 0;
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            number++;
            String line = raw.strip();
            if (line.startsWith(BEGIN)) {
                if (beginLine > 0) {
                    throw unclosed(source, label, beginLine);
                }
                label = label(source, line, BEGIN, number);
                beginLine = number;
                body.setLength(0);
            } else if (line.startsWith(END)) {
                String closing = label(source, line, END, number);
                if (beginLine == 0 || !closing.equals(label)) {
                    throw new PemException(
                            source + " line " + number + ": END " + Quote.printable(closing) + " without its BEGIN");
                }
                blocks.add(new PemBlock(label, beginLine, decode(source, label, beginLine, body)));
                beginLine = 0;
            } else if (beginLine > 0) {
                body.append(line);
            }
        }
        if (beginLine > 0) {
            throw unclosed(source, label, beginLine);
        }
        return blocks;
    }

    private static byte[] decode(String source, String label, int line, StringBuilder body) {
        String text = body.toString();
        if (text.indexOf(':') >= 0) {
            throw new PemException(source + " line " + line + ": the " + Quote.printable(label)
                    + " block has headers, as an encrypted key has; give it without a passphrase");
        }
        try {
            byte[] der = Base64.getDecoder().decode(text);
            if (der.length == 0) {
                throw new PemException(
                        source + " line " + line + ": the " + Quote.printable(label) + " block is empty");
            }
            return der;
        } catch (PemException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            // The cause is left out: its text may quote the contents, and the contents may be a key.
            throw new PemException(
                    source + " line " + line + ": the " + Quote.printable(label) + " block is not valid base64");
        }
    }

    private static String label(String source, String line, String prefix, int number) {
        if (!line.endsWith(DASHES) || line.length() < prefix.length() + DASHES.length()) {
            throw new PemException(source + " line " + number + ": the "
                    + prefix.substring(5).strip() + " line does not end in " + DASHES);
        }
        String label = line.substring(prefix.length(), line.length() - DASHES.length());
        if (label.isEmpty() || label.length() > MAX_LABEL_LENGTH) {
            throw new PemException(source + " line " + number + ": the label must have 1 to " + MAX_LABEL_LENGTH
                    + " characters, has " + label.length());
        }
        return label;
    }

    private static PemException unclosed(String source, String label, int line) {
        return new PemException(
                source + " line " + line + ": the " + Quote.printable(label) + " block has no matching END line");
    }
}
