package io.anycastle.dns.wire;

import java.util.Arrays;

/**
 * Writes an answer behind the question that was copied from the query, which keeps the asker's spelling. What does not fit empties the
 * sections and sets TC. Allocates nothing. Not thread-safe.
 */
public final class AnswerWriter {
    /** Of a record before its data, the owner being a pointer. */
    public static final int RECORD_OCTETS = 12;

    private static final int OPT_OCTETS = 11;
    private static final int OPTION_HEADER_OCTETS = 4;
    private static final int SUBNET_SCOPE = 3;

    /** Octets that all options of an answer may have together, their headers included. */
    private static final int OPTIONS_OCTETS_MAX = 1024;

    private static final int FLAGS_QR = 0x8000;
    private static final int FLAGS_AA = 0x0400;
    private static final int FLAGS_TC = 0x0200;
    private static final int FLAGS_KEPT = 0x7900; // opcode and RD
    private static final int DO_HIGH = 0x80;

    private final int payloadMax;
    private final QueryReader query;
    private final KnownNames known = new KnownNames();
    private byte[] out = new byte[0];
    private final byte[] options = new byte[OPTIONS_OCTETS_MAX];
    private int optionsLength;
    private int octetsMax;
    private int padBlock;
    private int subnetScopeAt;
    private boolean isKeyRefused;
    private int limit;
    private int at;
    private int answers;
    private int authority;
    private int additional;
    private boolean full;

    /**
     * @param payloadMax the UDP payload size that answers tell clients, octets
     */
    public AnswerWriter(QueryReader query, int payloadMax) {
        this.query = query;
        this.payloadMax = payloadMax;
    }

    /** The three sections after the question. */
    public enum Section {
        ANSWER,
        AUTHORITY,
        ADDITIONAL
    }

    /**
     * Starts the answer to the query that was read last, with no options yet.
     *
     * @param sizeMax octets that the answer may have, no more than the array holds
     */
    public void begin(byte[] target, int sizeMax) {
        out = target;
        limit = sizeMax - (query.hasEdns() ? OPT_OCTETS : 0);
        optionsLength = 0;
        octetsMax = sizeMax;
        padBlock = 0;
        subnetScopeAt = -1;
        isKeyRefused = false;
        rewind();
        System.arraycopy(query.message(), 0, out, 0, at);
    }

    /**
     * Adds an option to the OPT record (RFC 6891 section 6.1.2); before any record, because its room is kept free from then on. It is
     * left out when the query has no EDNS or an answer without records would not have room for it.
     *
     * @param value holds the option's value from that offset on
     */
    public void addOption(int code, byte[] value, int from, int length) {
        int octets = OPTION_HEADER_OCTETS + length;
        if (!query.hasEdns() || at + octets > limit || optionsLength + octets > OPTIONS_OCTETS_MAX) {
            return;
        }
        Wire.putU16(options, optionsLength, code);
        Wire.putU16(options, optionsLength + 2, length);
        System.arraycopy(value, from, options, optionsLength + OPTION_HEADER_OCTETS, length);
        if (code == EdnsOptions.CLIENT_SUBNET) {
            subnetScopeAt = optionsLength + OPTION_HEADER_OCTETS + SUBNET_SCOPE;
        }
        optionsLength += octets;
        limit -= octets;
    }

    /** Tells in the client subnet option, if the answer has one, for how many bits it holds (RFC 7871 section 7.2.1). */
    public void setSubnetScope(int bits) {
        if (subnetScopeAt >= 0) {
            options[subnetScopeAt] = (byte) bits;
        }
    }

    /** Makes the answer's length a multiple of a block (RFC 7830), as far as its size limit lets it; without EDNS it stays as it is. */
    public void padTo(int blockOctets) {
        padBlock = blockOctets;
    }

    /**
     * Ends the answer with a TSIG record that says BADKEY to the query's and signs nothing (RFC 8945 section 5.3.2); after all options,
     * before any record. Where there is no room for it the asker is sent to TCP.
     */
    public void refuseKey() {
        int octets = query.tsig().unsignedOctets();
        isKeyRefused = at + octets <= limit;
        if (isKeyRefused) {
            limit -= octets;
            octetsMax -= octets;
        } else {
            truncate();
        }
    }

    /** Takes back every record; options stay. */
    public void rewind() {
        at = Math.max(Wire.HEADER_OCTETS, query.questionEnd());
        answers = 0;
        authority = 0;
        additional = 0;
        full = false;
        known.clear();
    }

    /** Makes it an answer without records that sends the asker to TCP. */
    public void truncate() {
        full = true;
    }

    /** Where the next record will lie. */
    public int position() {
        return at;
    }

    /** Whether something did not fit. */
    public boolean isTruncated() {
        return full;
    }

    /** Copies records as they are. */
    public void append(Section section, byte[] records, int count) {
        if (at + records.length > limit) {
            full = true;
            return;
        }
        System.arraycopy(records, 0, out, at, records.length);
        at += records.length;
        counted(section, count);
    }

    /** Copies records of equal length, starting with another than the first. */
    public void appendTurned(byte[] records, int count, int from) {
        if (at + records.length > limit) {
            full = true;
            return;
        }
        System.arraycopy(records, from, out, at, records.length - from);
        System.arraycopy(records, 0, out, at + records.length - from, from);
        at += records.length;
        counted(Section.ANSWER, count);
    }

    /**
     * Copies records and makes each owner point to another place of the message.
     *
     * @param ownerAt offset of the owner's name, at most {@link Wire#POINTER_MAX}
     */
    public void appendOwned(Section section, byte[] records, int count, int ownerAt) {
        int start = at;
        append(section, records, count);
        for (int i = start; i < at; i = recordAfter(i)) {
            Wire.putU16(out, i, 0xc000 | ownerAt);
        }
    }

    /** Copies records of an owner that lies beyond {@link Wire#POINTER_MAX}, where no pointer leads: each has it in full. */
    public void appendSpelled(Section section, byte[] records, int count, WireName owner) {
        int start = at;
        int from = 0;
        while (from < records.length && !full) {
            int end = from + RECORD_OCTETS + Wire.u16(records, from + 10);
            copy(owner.octets(), 0, owner.length());
            copy(records, from + 2, end - from - 2);
            from = end;
        }
        if (full) {
            at = start;
        } else {
            counted(section, count);
        }
    }

    /** Copies records whose pointers were made for a name at the question's place, and moves them to where that name lies. */
    public void appendMoved(Section section, byte[] records, int[] pointersAt, int nameAt) {
        int start = at;
        append(section, records, 1);
        if (at > start) {
            for (int pointer : pointersAt) {
                int place = start + pointer;
                Wire.putU16(out, place, Wire.u16(out, place) + nameAt - Wire.HEADER_OCTETS);
            }
        }
    }

    /**
     * Copies records, makes each owner point to another place of the message, and compresses the names in their data against whatever the
     * message holds.
     *
     * @param ownerAt offset of the owner's name, at most {@link Wire#POINTER_MAX}
     */
    public void appendCompressed(Section section, byte[] records, int count, int ownerAt) {
        int start = at;
        int from = 0;
        while (from < records.length && !full) {
            from = compressRecord(records, from, ownerAt);
        }
        if (full) {
            at = start;
        } else {
            counted(section, count);
        }
    }

    private int compressRecord(byte[] records, int from, int ownerAt) {
        int type = Wire.u16(records, from + 2);
        int end = from + RECORD_OCTETS + Wire.u16(records, from + 10);
        int recordAt = at;
        int name = from + RECORD_OCTETS + Wire.nameAt(type);
        copy(records, from, name - from);
        for (int names = Wire.compressibleNames(type); names > 0 && !full; names--) {
            name += compress(records, name);
        }
        copy(records, name, end - name);
        if (!full) {
            Wire.putU16(out, recordAt, 0xc000 | ownerAt);
            Wire.putU16(out, recordAt + 10, at - recordAt - RECORD_OCTETS);
        }
        return end;
    }

    private void copy(byte[] octets, int from, int count) {
        if (at + count > limit) {
            full = true;
            return;
        }
        System.arraycopy(octets, from, out, at, count);
        at += count;
    }

    /** Writes a name, as far as the message does not hold it, and a pointer; returns its octets where it comes from. */
    private int compress(byte[] names, int from) {
        if (known.isEmpty()) {
            known.learn(out, Wire.HEADER_OCTETS, query.name().length());
        }
        int octets = 1;
        for (int label = from; names[label] != 0; label += 1 + names[label]) {
            octets += 1 + names[label];
        }
        int start = at;
        int spelled = 0;
        int pointer = -1;
        while (names[from + spelled] != 0 && pointer < 0) {
            pointer = known.find(out, names, from + spelled, octets - spelled);
            spelled += pointer < 0 ? 1 + names[from + spelled] : 0;
        }
        copy(names, from, pointer < 0 ? octets : spelled);
        if (pointer >= 0 && at + 2 > limit) {
            full = true;
        } else if (pointer >= 0) {
            Wire.putU16(out, at, 0xc000 | pointer);
            at += 2;
        }
        if (!full) {
            known.learn(out, start, octets);
        }
        return octets;
    }

    /**
     * Writes a CNAME record that stands in no zone (RFC 6672 section 3.1).
     *
     * @param like the record whose TTL it takes
     */
    public void appendAlias(int ownerAt, byte[] like, WireName target) {
        int recordAt = at;
        copy(like, 0, RECORD_OCTETS);
        if (!full) {
            compress(target.octets(), 0);
        }
        if (full) {
            return;
        }
        Wire.putU16(out, recordAt, 0xc000 | ownerAt);
        Wire.putU16(out, recordAt + 2, Wire.TYPE_CNAME);
        Wire.putU16(out, recordAt + 10, at - recordAt - RECORD_OCTETS);
        counted(Section.ANSWER, 1);
    }

    /** Additional records that nobody needs: what does not fit is left out (RFC 2181 section 9). */
    public void appendOptional(byte[] records, int count, int ownerAt) {
        if (at + records.length <= limit) {
            appendOwned(Section.ADDITIONAL, records, count, ownerAt);
        }
    }

    /** Lets later names point to a name that records copied as they are hold at that offset. */
    public void know(int nameAt, WireName name) {
        if (known.isEmpty()) {
            known.learn(out, Wire.HEADER_OCTETS, query.name().length());
        }
        known.learn(out, nameAt, name.length());
    }

    /** Where a label of the name at that offset lies, counted from the left. */
    public int labelAt(int nameAt, int label) {
        int there = Wire.follow(out, nameAt);
        for (int i = 0; i < label; i++) {
            there = Wire.follow(out, there + 1 + out[there]);
        }
        return there;
    }

    /** Whether the name at that offset is this one. */
    public boolean isNameAt(int nameAt, WireName name) {
        return KnownNames.isAt(out, nameAt, name.octets(), 0);
    }

    /** Where the record behind the one at that offset lies; its owner is a pointer. */
    public int recordAfter(int recordAt) {
        return recordAt + RECORD_OCTETS + Wire.u16(out, recordAt + 10);
    }

    /** Lowers the TTL of every record from that offset on; the records' owners are pointers. */
    public void limitTtl(int recordsAt, int seconds) {
        for (int i = recordsAt; i < at; i += 12 + Wire.u16(out, i + 10)) {
            int ttl = Wire.u16(out, i + 6) << 16 | Wire.u16(out, i + 8);
            if (ttl > seconds) {
                Wire.putI32(out, i + 6, seconds);
            }
        }
    }

    private void counted(Section section, int count) {
        switch (section) {
            case ANSWER -> answers += count;
            case AUTHORITY -> authority += count;
            case ADDITIONAL -> additional += count;
        }
    }

    /**
     * Writes header and OPT.
     *
     * @return the answer's length in octets
     */
    public int finish(int rcode, boolean authoritative) {
        boolean truncated = full;
        if (truncated) {
            rewind();
        }
        int kept = Wire.u16(out, 2) & FLAGS_KEPT;
        int flags = FLAGS_QR | kept | (authoritative ? FLAGS_AA : 0) | (truncated ? FLAGS_TC : 0) | (rcode & 15);
        Wire.putU16(out, 2, flags);
        Wire.putU16(out, 4, query.questionEnd() > 0 ? 1 : 0);
        Wire.putU16(out, 6, answers);
        Wire.putU16(out, 8, authority);
        Wire.putU16(out, 10, additional + (query.hasEdns() ? 1 : 0) + (isKeyRefused ? 1 : 0));
        if (query.hasEdns()) {
            opt(rcode >>> 4);
        }
        if (isKeyRefused) {
            query.tsig().writeUnsigned(out, at, TsigRecord.BAD_KEY);
            at += query.tsig().unsignedOctets();
        }
        return at;
    }

    /** EDNS version 0 (RFC 6891 section 6.1.2); DO is copied (RFC 3225 section 3). */
    private void opt(int rcodeHigh) {
        out[at] = 0;
        Wire.putU16(out, at + 1, Wire.TYPE_OPT);
        Wire.putU16(out, at + 3, payloadMax);
        out[at + 5] = (byte) rcodeHigh;
        out[at + 6] = 0;
        out[at + 7] = (byte) (query.isDnssecOk() ? DO_HIGH : 0);
        out[at + 8] = 0;
        Wire.putU16(out, at + 9, optionsLength);
        at += OPT_OCTETS;
        System.arraycopy(options, 0, out, at, optionsLength);
        at += optionsLength;
        if (padBlock > 0 && at + OPTION_HEADER_OCTETS <= octetsMax) {
            pad(at - optionsLength - 2);
        }
    }

    /** Comes last, when the length is known. */
    private void pad(int optionsLengthAt) {
        int from = at + OPTION_HEADER_OCTETS;
        int end = Math.min((from + padBlock - 1) / padBlock * padBlock, octetsMax);
        Wire.putU16(out, at, EdnsOptions.PADDING);
        Wire.putU16(out, at + 2, end - from);
        Arrays.fill(out, from, end, (byte) 0);
        Wire.putU16(out, optionsLengthAt, optionsLength + end - at);
        at = end;
    }
}
