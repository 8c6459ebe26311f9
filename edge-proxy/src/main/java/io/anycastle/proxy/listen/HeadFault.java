package io.anycastle.proxy.listen;

/** Why a request head is refused before anything looks at its meaning. */
public enum HeadFault {
    BARE_LINE_FEED("a line ends in LF without CR"),
    BARE_CARRIAGE_RETURN("a CR stands alone"),
    BAD_METHOD("the method is not a token"),
    BAD_TARGET("the request target holds a character that must be percent-encoded"),
    BAD_REQUEST_LINE("the request line is not method, target and HTTP version, with one space between them"),
    BAD_VERSION("the version is none of HTTP/1"),
    FOLDED_LINE("a header line is folded"),
    BAD_HEADER_NAME("a header name is not a token followed by a colon"),
    BAD_HEADER_VALUE("a header value holds a control character"),
    TARGET_TOO_LONG("the request target is longer than this edge accepts"),
    HEADER_TOO_LONG("a header line is longer than this edge accepts"),
    HEADERS_TOO_LONG("the header lines together are longer than this edge accepts"),
    BAD_LENGTH("the length of the body is not one number"),
    BAD_CODING("the transfer coding is not chunked alone"),
    UNKNOWN_CODING("another transfer coding stands before chunked"),
    LENGTH_AND_CODING("a length stands beside a transfer coding");

    private final String sentence;

    HeadFault(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
