package io.tanja.proxy.http;

/** What can be wrong with a message of HTTP/1: the closed catalogue. Sources: RFC 9112, RFC 9110 section 5. */
enum Defect {
    BARE_LF("a line ends in LF without CR"),
    BARE_CR("CR without LF"),
    REQUEST_LINE("the request line is not \"method target HTTP/1.x\""),
    STATUS_LINE("the status line is not \"HTTP/1.x nnn reason\""),
    VERSION("the version is not HTTP/1.0 or HTTP/1.1"),
    TARGET("the request target has a form or a character that is not allowed"),
    FRAGMENT("the request target has a fragment"),
    PATH("the path has a malformed escape or an escaped NUL"),
    FIELD_NAME("a field name has a character that is not allowed"),
    SPACE_BEFORE_COLON("white space between field name and colon"),
    OBS_FOLD("a field is continued on the next line"),
    FIELD_VALUE("a field value has a control character"),
    HEAD_TOO_LARGE("the head is too large"),
    LINE_TOO_LARGE("the request line is too large"),
    TOO_MANY_FIELDS("the head has too many fields"),
    HOST_MISSING("the Host field is missing"),
    HOST_TWICE("there is more than one Host field"),
    HOST_INVALID("the Host field is not a host"),
    HOST_MISMATCH("the Host field differs from the host in the request target"),
    LENGTH_INVALID("Content-Length is not a number"),
    LENGTH_TWICE("there is more than one Content-Length field"),
    LENGTH_AND_CODING("both Content-Length and Transfer-Encoding are there"),
    CODING_UNKNOWN("Transfer-Encoding is not exactly \"chunked\""),
    CODING_TWICE("there is more than one Transfer-Encoding field"),
    CODING_IN_10("Transfer-Encoding in a message of HTTP/1.0"),
    NOMINATED("Connection nominates a field that frames or routes the message"),
    UPGRADE_WITH_BODY("a request for an upgrade has a body"),
    UPGRADE_TWICE("there is more than one Upgrade field"),
    SWITCH_UNASKED("101 without a request for an upgrade"),
    CHUNK_SIZE("a chunk size is not a hexadecimal number"),
    CHUNK_EXTENSION("a chunk extension has a character that is not allowed or is too long"),
    CHUNK_END("a chunk does not end where its size says"),
    TRAILER("a trailer field is malformed, too large or may not stand there");

    private final String meaning;

    Defect(String meaning) {
        this.meaning = meaning;
    }

    /** The status that answers it. */
    int status() {
        return switch (this) {
            case LINE_TOO_LARGE -> 414;
            case HEAD_TOO_LARGE, TOO_MANY_FIELDS -> 431;
            default -> 400;
        };
    }

    /** One clause for people; it holds nothing that a peer sent. */
    String meaning() {
        return meaning;
    }
}
