package io.anycastle.dns.wire;

/**
 * Reads a query: header, one question, EDNS (RFC 1035 section 4.1, RFC 6891). Allocates nothing; every read is checked against the
 * message's length. Not thread-safe: fields hold the last message.
 */
public final class QueryReader {
    private static final int OPT_FIXED_OCTETS = 11;
    private static final int RR_FIXED_OCTETS = 10;
    private static final int FLAG_DO = 0x8000;
    private static final int LABELS_MAX = 128;

    private final WireName name = new WireName();
    private final EdnsOptions options = new EdnsOptions();
    private final TsigRecord tsig = new TsigRecord();
    private byte[] message = new byte[0];
    private int length;
    private int questionEnd;
    private int type;
    private int queryClass;
    private boolean edns;
    private int ednsVersion;
    private int ednsPayload;
    private boolean dnssecOk;

    /** What kind of message it is. */
    public enum Form {
        /** No query at all: too short for a header, or an answer. Gets no reply. */
        NO_QUERY,
        /** A query that breaks the format. */
        MALFORMED,
        /** Another operation than QUERY. */
        OTHER_OPCODE,
        /** An EDNS version that nobody knows yet. */
        EDNS_VERSION,
        /** Signed with a key (RFC 8945), of which there are none here. */
        SIGNED,
        /** No question, but a cookie to be answered with another (RFC 7873 section 5.4). */
        COOKIE_ALONE,
        /** A question to answer. */
        QUESTION
    }

    /** Reads the first {@code length} octets of the array, which the reader refers to until the next call. */
    public Form read(byte[] octets, int messageLength) {
        message = octets;
        length = messageLength;
        questionEnd = 0;
        edns = false;
        dnssecOk = false;
        ednsPayload = 0;
        options.clear();
        tsig.clear();
        if (length < Wire.HEADER_OCTETS || (octets[2] & 0x80) != 0) {
            return Form.NO_QUERY;
        }
        boolean question = readQuestion();
        if (!question) {
            name.clear();
            type = 0;
        }
        // Whatever is wrong with the rest, who sent an OPT record gets one (RFC 6891 section 6.1.1).
        boolean records = (question || Wire.u16(message, 4) == 0) && readRecords();
        if ((octets[2] & 0x78) != 0) {
            return records && tsig.isPresent() ? Form.SIGNED : Form.OTHER_OPCODE;
        }
        return records && areCountsSane() ? form(question) : Form.MALFORMED;
    }

    /** Of a message that can be read. */
    private Form form(boolean question) {
        if (question && edns && ednsVersion != 0) {
            return Form.EDNS_VERSION;
        }
        if (tsig.isPresent()) {
            return Form.SIGNED;
        }
        if (!question) {
            return options.hasCookie() ? Form.COOKIE_ALONE : Form.MALFORMED;
        }
        return Form.QUESTION;
    }

    /** One question, no more (RFC 9619); on success the question can be echoed whatever follows. */
    private boolean readQuestion() {
        if (Wire.u16(message, 4) != 1) {
            return false;
        }
        int end = name.read(message, Wire.HEADER_OCTETS, length);
        if (end < 0 || end + 4 > length) {
            return false;
        }
        type = Wire.u16(message, end);
        queryClass = Wire.u16(message, end + 2);
        questionEnd = end + 4;
        return true;
    }

    /** No answers; authority only in an IXFR (RFC 1995 section 3). */
    private boolean areCountsSane() {
        return Wire.u16(message, 6) == 0 && (Wire.u16(message, 8) == 0 || type == Wire.TYPE_IXFR);
    }

    private boolean readRecords() {
        int at = Math.max(Wire.HEADER_OCTETS, questionEnd);
        int others = Wire.u16(message, 6) + Wire.u16(message, 8);
        int records = others + Wire.u16(message, 10);
        for (int i = 0; i < records; i++) {
            boolean isBehindTsig = tsig.isPresent(); // which is the last (RFC 8945 section 5.1)
            at = at < length && !isBehindTsig ? readRecord(at, i >= others) : -1;
            if (at < 0) {
                return false;
            }
        }
        return at == length;
    }

    private int readRecord(int from, boolean additional) {
        if (message[from] == 0 && from + OPT_FIXED_OCTETS <= length && Wire.u16(message, from + 1) == Wire.TYPE_OPT) {
            return additional && !edns ? readOpt(from) : -1;
        }
        int at = skipName(from);
        if (at < 0 || at + RR_FIXED_OCTETS > length || Wire.u16(message, at) == Wire.TYPE_OPT) {
            return -1;
        }
        int end = at + RR_FIXED_OCTETS + Wire.u16(message, at + 8);
        boolean isFit = end <= length
                && (Wire.u16(message, at) != Wire.TYPE_TSIG || (additional && tsig.read(message, from, at, end)));
        return isFit ? end : -1;
    }

    private int readOpt(int from) {
        int end = from + OPT_FIXED_OCTETS + Wire.u16(message, from + 9);
        if (end > length) {
            return -1;
        }
        edns = true;
        ednsPayload = Wire.u16(message, from + 3);
        ednsVersion = message[from + 6] & 0xff;
        dnssecOk = (Wire.u16(message, from + 7) & FLAG_DO) != 0;
        // What options another version has, and how they look, nobody knows.
        return ednsVersion != 0 || options.read(message, from + OPT_FIXED_OCTETS, end) ? end : -1;
    }

    /** Steps over an owner name outside the question; it may end in a backward pointer, which is not followed. */
    private int skipName(int from) {
        int at = from;
        for (int steps = 0; at < length && steps < LABELS_MAX; steps++) {
            int size = message[at] & 0xff;
            if (size == 0) {
                return at + 1;
            }
            if (size >= 0xc0) {
                return at + 2 <= length && (Wire.u16(message, at) & Wire.POINTER_MAX) < from ? at + 2 : -1;
            }
            if (size > 63) {
                return -1;
            }
            at += 1 + size;
        }
        return -1;
    }

    /** The question's name; without labels and octets when no question could be read. */
    public WireName name() {
        return name;
    }

    public byte[] message() {
        return message;
    }

    /** Where the question ends; 0 when it could not be read. */
    public int questionEnd() {
        return questionEnd;
    }

    public int type() {
        return type;
    }

    public int queryClass() {
        return queryClass;
    }

    public boolean hasEdns() {
        return edns;
    }

    /** What the OPT record carries; empty without one. */
    public EdnsOptions options() {
        return options;
    }

    /** By what the message claims to be signed. */
    public TsigRecord tsig() {
        return tsig;
    }

    public boolean isDnssecOk() {
        return dnssecOk;
    }

    /** The largest answer in octets that the client takes over UDP: 512 without EDNS (RFC 1035 section 4.2.1). */
    public int payloadSize() {
        return Math.max(512, ednsPayload);
    }
}
