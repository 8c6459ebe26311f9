package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Rdata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads a recursive server's answer: the records of the name asked about, or of what its aliases in the same answer lead to. Everything
 * else that the answer holds is ignored, so a server can only speak about what it was asked.
 */
final class ResponseReader {
    static final int TTL_SECONDS_MAX = 604_800;

    /** How long "no" is believed where the answer has no SOA to say it. */
    private static final int NO_SOA_SECONDS = 60;

    private final ResolveConfig config;
    private final ResolveCounters counters;

    ResponseReader(ResolveConfig config, ResolveCounters counters) {
        this.config = config;
        this.counters = counters;
    }

    /** What one message says. */
    sealed interface Read {
        /** The question is answered. */
        record Told(LookupResult reply) implements Read {}

        /** Aliases lead to a name that the server did not go on to: it is asked about next. */
        record Alias(List<DomainName> names, int ttlSeconds) implements Read {}

        /** Another server may know more. */
        record Useless(String why) implements Read {}

        /** Every server would say the same. */
        record Broken(String why) implements Read {}
    }

    /**
     * @param names those gone by so far, the one asked about last
     */
    Read read(Message answer, int type, List<DomainName> names) {
        if (answer.numBytes() > config.answerBytesMax()) {
            counters.oversized.increment();
            return new Read.Useless("answers with more than " + config.answerBytesMax() + " bytes");
        }
        List<Record> records = answer.getSection(Section.ANSWER);
        if (records.size() > config.recordsMax()) {
            counters.oversized.increment();
            return new Read.Useless("answers with more than " + config.recordsMax() + " records");
        }
        int rcode = answer.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new Read.Useless("answers " + Rcode.string(rcode));
        }
        return follow(answer, records, type, new ArrayList<>(names));
    }

    private Read follow(Message answer, List<Record> records, int type, List<DomainName> names) {
        int ttl = TTL_SECONDS_MAX;
        int aliases = 0;
        while (true) {
            List<Record> here = at(records, names.getLast(), type);
            if (!here.isEmpty()) {
                return told(here, ttl, names);
            }
            List<Record> alias = at(records, names.getLast(), Type.CNAME);
            if (alias.isEmpty()) {
                break;
            }
            Optional<DomainName> target = name(((CNAMERecord) alias.getFirst()).getTarget());
            if (target.isEmpty() || names.contains(target.get())) {
                return new Read.Broken(names.getLast() + " is an alias that leads nowhere");
            }
            if (names.size() > config.aliasesMax()) {
                return new Read.Broken(names.getFirst() + " leads over more than " + config.aliasesMax() + " aliases");
            }
            ttl = Math.min(ttl, ttl(alias));
            names.add(target.get());
            aliases++;
        }
        return denied(answer, aliases > 0, ttl, names);
    }

    /** Each record once (RFC 2181 section 5), with the lowest TTL: some forwarders repeat them. */
    private static Read told(List<Record> records, int ttl, List<DomainName> names) {
        List<Rdata> rdatas = records.stream()
                .map(r -> Rdata.of(r.rdataToWireCanonical()))
                .distinct()
                .toList();
        return new Read.Told(new LookupResult.Records(rdatas, Math.min(ttl, ttl(records)), names));
    }

    /** RFC 2308 section 2: NXDOMAIN and NODATA carry a SOA, a referral carries NS and no SOA. */
    private static Read denied(Message answer, boolean isAlias, int ttl, List<DomainName> names) {
        Optional<SOARecord> soa = answer.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .findFirst();
        long negative = soa.map(s -> Math.min(s.getTTL(), s.getMinimum())).orElse((long) NO_SOA_SECONDS);
        int believed = (int) Math.min(ttl, negative);
        if (answer.getRcode() == Rcode.NXDOMAIN) {
            return new Read.Told(new LookupResult.NoName(believed));
        }
        if (soa.isPresent()) {
            return new Read.Told(new LookupResult.NoData(believed));
        }
        if (isAlias) {
            return new Read.Alias(names, ttl);
        }
        boolean isReferral = answer.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS);
        return isReferral
                ? new Read.Useless("answers with a referral: it is no recursive server")
                : new Read.Told(new LookupResult.NoData(believed));
    }

    private static List<Record> at(List<Record> records, DomainName name, int type) {
        Name owner = wireName(name);
        List<Record> found = new ArrayList<>();
        for (Record record : records) {
            boolean isIt = record.getType() == type && record.getDClass() == DClass.IN;
            if (isIt && record.getName().equals(owner)) {
                found.add(record);
            }
        }
        return found;
    }

    /** The same name as dnsjava has it; every name of ours is one of theirs. */
    static Name wireName(DomainName name) {
        try {
            return new Name(name.wire());
        } catch (IOException e) {
            throw new IllegalStateException(name + " has no wire form", e);
        }
    }

    private static int ttl(List<Record> records) {
        long lowest = TTL_SECONDS_MAX;
        for (Record record : records) {
            long ttl = record.getTTL();
            lowest = Math.min(lowest, ttl > Integer.MAX_VALUE ? 0 : ttl); // RFC 2181 section 8
        }
        return (int) lowest;
    }

    private static Optional<DomainName> name(Name name) {
        try {
            return Optional.of(DomainName.read(ByteBuffer.wrap(name.toWire())));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
