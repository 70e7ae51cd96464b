package io.tanja.proxy.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A second reading of RFC 9112 for requests: strings and lists in place of ranges and tables, one rule after another. It
 * shares no code with the parser that it is compared to.
 */
final class NaiveHttp {
    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String HOST =
            "-._~!$&'()*+;=:[]%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private NaiveHttp() {}

    /** A request that was understood. */
    record Request(String method, String target, boolean http10, List<String[]> fields, long length, boolean chunked) {
        List<String> values(String name) {
            return fields.stream()
                    .filter(f -> f[0].equalsIgnoreCase(name))
                    .map(f -> f[1])
                    .toList();
        }
    }

    /** Reads a head with its empty line; null if it is not valid. */
    static @Nullable Request request(String head, int maxFields) {
        if (!head.endsWith("\r\n\r\n")) {
            return null;
        }
        String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
        for (String line : lines) {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.isEmpty()) {
                return null;
            }
        }
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !consistsOf(words[0], TOKEN) || !isTarget(words[1])) {
            return null;
        }
        boolean http10 = words[2].equals("HTTP/1.0");
        if (!http10 && !words[2].equals("HTTP/1.1") || lines.length - 1 > maxFields) {
            return null;
        }
        List<String[]> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0 || !consistsOf(lines[i].substring(0, colon), TOKEN)) {
                return null;
            }
            String value = lines[i].substring(colon + 1);
            if (!value.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f)) {
                return null;
            }
            fields.add(new String[] {lines[i].substring(0, colon), strip(value)});
        }
        return framed(words[0], words[1], http10, fields);
    }

    private static @Nullable Request framed(String method, String target, boolean http10, List<String[]> fields) {
        Request plain = new Request(method, target, http10, fields, 0, false);
        List<String> lengths = plain.values("content-length");
        List<String> codings = plain.values("transfer-encoding");
        if (lengths.size() > 1 || codings.size() > 1 || lengths.size() + codings.size() > 1) {
            return null;
        }
        if (!codings.isEmpty() && (http10 || !codings.getFirst().equalsIgnoreCase("chunked"))) {
            return null;
        }
        if (!lengths.isEmpty() && !lengths.getFirst().matches("[0-9]{1,18}")) {
            return null;
        }
        List<String> hosts = plain.values("host");
        if (hosts.size() > 1 || hosts.isEmpty() && !http10) {
            return null;
        }
        if (!hosts.isEmpty() && !consistsOf(hosts.getFirst(), HOST)) {
            return null;
        }
        if (!targetFits(method, target, hosts) || !connectionFits(plain)) {
            return null;
        }
        long length = lengths.isEmpty() ? 0 : Long.parseLong(lengths.getFirst());
        return new Request(method, target, http10, fields, length, !codings.isEmpty());
    }

    private static boolean targetFits(String method, String target, List<String> hosts) {
        if (method.equals("CONNECT")) {
            return true;
        }
        if (target.indexOf('#') >= 0) {
            return false;
        }
        if (target.equals("*")) {
            return method.equals("OPTIONS");
        }
        String path = target;
        if (!target.startsWith("/")) {
            String lower = target.toLowerCase(Locale.ROOT);
            int scheme = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
            if (scheme == 0) {
                return false;
            }
            int end = scheme;
            while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
                end++;
            }
            String authority = target.substring(scheme, end);
            if (!consistsOf(authority, HOST)) {
                return false;
            }
            if (!hosts.isEmpty() && !hosts.getFirst().equalsIgnoreCase(authority)) {
                return false;
            }
            path = target.substring(end);
        }
        int query = path.indexOf('?');
        return pathFits(query < 0 ? path : path.substring(0, query));
    }

    /** Every percent sign begins an escape, and none is of NUL. */
    private static boolean pathFits(String path) {
        return path.replaceAll("%(?!00)[0-9a-fA-F]{2}", "").indexOf('%') < 0;
    }

    private static boolean connectionFits(Request request) {
        boolean upgrade = false;
        for (String value : request.values("connection")) {
            for (String option : value.split(",")) {
                String name = strip(option).toLowerCase(Locale.ROOT);
                if (List.of("host", "content-length", "transfer-encoding", "expect")
                        .contains(name)) {
                    return false;
                }
                upgrade |= name.equals("upgrade");
            }
        }
        List<String> protocols = request.values("upgrade");
        if (!upgrade || protocols.isEmpty() || request.http10()) {
            return true;
        }
        List<String> lengths = request.values("content-length");
        boolean empty = lengths.isEmpty() || Long.parseLong(lengths.getFirst()) == 0;
        return protocols.size() == 1
                && empty
                && request.values("transfer-encoding").isEmpty();
    }

    /** How many octets a chunked body has, its framing included: -1 if it is malformed, -2 if it is not whole. */
    static int chunked(String body, int maxTrailer) {
        int at = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            String line = end < 0 ? body.substring(at) : body.substring(at, end);
            int semicolon = line.indexOf(';');
            String size = semicolon < 0 ? line : line.substring(0, semicolon);
            boolean open = end < 0 && line.endsWith("\r");
            if (open) {
                line = line.substring(0, line.length() - 1);
                size = semicolon < 0 ? line : size;
            }
            if (!size.matches("[0-9a-fA-F]{0,15}") || size.isEmpty() && (end >= 0 || semicolon >= 0 || open)) {
                return -1;
            }
            if (semicolon >= 0) {
                String extension = line.substring(semicolon + 1);
                if (extension.length() > 1024 || !isFieldText(extension)) {
                    return -1;
                }
            }
            if (end < 0) {
                return -2;
            }
            at = end + 2;
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return trailers(body, at, maxTrailer);
            }
            if (body.length() - at < length) {
                return -2;
            }
            at += (int) length;
            String after = body.substring(at, Math.min(at + 2, body.length()));
            if (!"\r\n".startsWith(after)) {
                return -1;
            }
            if (after.length() < 2) {
                return -2;
            }
            at += 2;
        }
    }

    private static int trailers(String body, int from, int maxTrailer) {
        int at = from;
        int used = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            String line = end < 0 ? body.substring(at) : body.substring(at, end);
            if (end < 0 && line.endsWith("\r")) {
                line = line.substring(0, line.length() - 1);
                if (!line.isEmpty() && line.indexOf(':') < 0) {
                    return -1;
                }
            }
            if (end >= 0 && line.isEmpty()) {
                return end + 2;
            }
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            if (!consistsOf(name, TOKEN) && !(name.isEmpty() && colon < 0 && end < 0)) {
                return -1;
            }
            if (colon < 0 && end >= 0) {
                return -1;
            }
            if (colon >= 0 && (!isFieldText(line.substring(colon + 1)) || isForbiddenTrailer(name))) {
                return -1;
            }
            used += line.length();
            if (used > maxTrailer) {
                return -1;
            }
            if (end < 0) {
                return -2;
            }
            at = end + 2;
        }
    }

    private static boolean isForbiddenTrailer(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("x-envoy-") && lower.length() > 8
                || List.of(
                                "host",
                                "content-length",
                                "transfer-encoding",
                                "connection",
                                "keep-alive",
                                "proxy-connection",
                                "upgrade",
                                "te",
                                "trailer",
                                "expect",
                                "http2-settings",
                                "server",
                                "x-request-id",
                                "x-forwarded-for",
                                "x-forwarded-proto",
                                "x-forwarded-client-cert")
                        .contains(lower);
    }

    private static boolean isFieldText(String text) {
        return text.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f);
    }

    private static boolean isTarget(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c != 0x7f);
    }

    private static boolean consistsOf(String text, String alphabet) {
        return !text.isEmpty() && text.chars().allMatch(c -> alphabet.indexOf(c) >= 0);
    }

    private static String strip(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
            to--;
        }
        return value.substring(from, to);
    }
}
