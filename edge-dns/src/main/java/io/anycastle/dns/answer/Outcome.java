package io.anycastle.dns.answer;

/** Every way in which a query can end. */
public enum Outcome {
    /** No answer is sent: the message is no query. */
    SILENT(0, false),
    /** FORMERR: the message breaks the format. */
    MALFORMED(1, false),
    /** SERVFAIL: a fault of ours. */
    FAILED(2, false),
    /** NOTIMP: another operation than QUERY. */
    NOT_IMPLEMENTED(4, false),
    /** NOTAUTH (RFC 8945 section 5.2.1): the query is signed, and the key is not known here. */
    KEY_UNKNOWN(9, false),
    /** BADVERS (RFC 6891 section 6.1.3); its upper bits go into the OPT record. */
    BAD_VERSION(16, false),
    /** BADCOOKIE (RFC 7873 section 5.2.3): the cookie in the answer is to be shown with the question. */
    BAD_COOKIE(23, false),
    /** The cookie that was asked for without a question. */
    COOKIE(0, false),
    /** REFUSED: not our name, not our class, or not a kind of question that is served. */
    REFUSED(5, false),
    /** An empty answer with TC, in place of one over a limit. */
    SHORTENED(0, false),
    /** The records that were asked for. */
    FOUND(0, true),
    /** The name exists, the type does not (RFC 2308 section 2.2). */
    NO_DATA(0, true),
    /** NXDOMAIN (RFC 2308 section 2.1). */
    NO_NAME(3, true),
    /** YXDOMAIN: a redirection makes a name that is too long (RFC 6672 section 2.2). */
    NAME_TOO_LONG(6, true),
    /** A referral to the child's servers (RFC 1034 section 4.3.2 step 3b). */
    DELEGATED(0, false),
    /** A CNAME, of a zone or of a redirection, whose target is to be looked for next (RFC 1034 section 4.3.2 step 3a). */
    ALIASED(0, true),
    /** CNAMEs that lead to where we have no authority, in a circle, or on for too long. */
    ALIASED_AWAY(0, true);

    private final int rcode;
    private final boolean authoritative;

    Outcome(int rcode, boolean authoritative) {
        this.rcode = rcode;
        this.authoritative = authoritative;
    }

    /** The response code, 12 bits (RFC 6891 section 6.1.3). */
    public int rcode() {
        return rcode;
    }

    /** Whether the answer speaks for the zone (bit AA). */
    public boolean isAuthoritative() {
        return authoritative;
    }
}
