package io.anycastle.dns.peer;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What an answer says, in a form in which equal means equal: names in lower case, sections as sets, TTLs included.
 *
 * @param flags those of AA, TC, RA, AD and CD that are set
 * @param opt version, flags and payload size; empty without EDNS
 */
record Told(
        int rcode,
        String flags,
        String question,
        Set<String> answer,
        Set<String> authority,
        Set<String> additional,
        String opt,
        int octets) {
    static Told of(byte[] octets) throws IOException {
        Message message = new Message(octets);
        OPTRecord opt = message.getOPT();
        return new Told(
                message.getRcode(),
                flags(message),
                String.valueOf(message.getQuestion()),
                section(message, Section.ANSWER),
                section(message, Section.AUTHORITY),
                section(message, Section.ADDITIONAL),
                opt == null ? "" : "v" + opt.getVersion() + " " + opt.getFlags() + " " + opt.getPayloadSize(),
                octets.length);
    }

    /** Whether a record stands more than once in a section (RFC 2181 section 5). */
    static boolean repeatsRecords(byte[] octets) throws IOException {
        Message message = new Message(octets);
        return Stream.of(Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL)
                .anyMatch(section -> message.getSection(section).stream()
                                .filter(record -> record.getType() != Type.OPT)
                                .count()
                        != section(message, section).size());
    }

    private static String flags(Message message) {
        StringBuilder flags = new StringBuilder();
        for (int flag : List.of((int) Flags.AA, (int) Flags.TC, (int) Flags.RA, (int) Flags.AD, (int) Flags.CD)) {
            if (message.getHeader().getFlag(flag)) {
                flags.append(Flags.string(flag)).append(' ');
            }
        }
        return flags.toString().strip();
    }

    private static Set<String> section(Message message, int section) {
        Set<String> records = new TreeSet<>();
        for (Record record : message.getSection(section)) {
            if (record.getType() != Type.OPT) {
                records.add(text(record));
            }
        }
        return records;
    }

    private static String text(Record record) {
        String rdata = record.getRRsetType() > 257
                ? HexFormat.of().formatHex(record.rdataToWireCanonical())
                : record.rdataToString();
        return record.getName().toString().toLowerCase(Locale.ROOT) + " " + record.getTTL() + " "
                + Type.string(record.getType()) + " " + (isNamed(record) ? rdata.toLowerCase(Locale.ROOT) : rdata);
    }

    /** Names in data are compared without case: compression may take them from the question's spelling. */
    private static boolean isNamed(Record record) {
        return switch (record.getType()) {
            case Type.NS, Type.CNAME, Type.DNAME, Type.SOA, Type.PTR, Type.MX, Type.SRV, Type.RP, Type.AFSDB -> true;
            default -> false;
        };
    }

    boolean isTruncated() {
        return flags.contains("tc");
    }

    boolean isAuthoritative() {
        return flags.contains("aa");
    }

    @Override
    public String toString() {
        return Rcode.string(rcode) + " [" + flags + "] answer " + answer + " authority " + authority + " additional "
                + additional + (opt.isEmpty() ? "" : " opt " + opt) + ", " + octets + " octets";
    }
}
