package io.anycastle.dns.peer;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ZoneState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.xbill.DNS.Type;

/** Questions about a zone, made from a seed: every name and type of it, and what lies above, below and beside. */
final class DnsClient {
    private static final List<Integer> TYPES = List.of(
            Type.A,
            Type.AAAA,
            Type.NS,
            Type.CNAME,
            Type.SOA,
            Type.MX,
            Type.TXT,
            Type.SRV,
            Type.PTR,
            Type.DNAME,
            Type.DS,
            Type.DNSKEY,
            Type.CAA,
            Type.HTTPS,
            Type.SVCB,
            Type.NAPTR,
            Type.TLSA,
            Type.SSHFP,
            Type.HINFO,
            Type.RP,
            Type.LOC,
            Type.URI,
            Type.SPF,
            Type.CDS,
            Type.NSEC,
            Type.RRSIG,
            Type.ANY,
            731,
            65280,
            4711);
    private static final List<Integer> PAYLOADS = List.of(0, 512, 600, 900, 1232, 4096);

    private final Random random;
    private final ZoneState zone;
    private final List<String> names;

    DnsClient(long seed, ZoneState zone) {
        random = new Random(seed);
        this.zone = zone;
        names = new ArrayList<>(names());
    }

    private SortedSet<String> names() {
        SortedSet<String> all = new TreeSet<>();
        String apex = zone.zone().name() + ".";
        all.add(apex);
        all.add("no-such." + apex);
        all.add("x" + apex);
        for (NameRecords at : zone.names().values()) {
            DomainName name = at.name();
            String text = name + ".";
            all.add(text);
            all.add("below." + text);
            all.add("deep.below." + text);
            all.add("x" + text);
            all.add("*." + text);
            name.parent()
                    .filter(parent -> parent.isAtOrBelow(zone.zone().name()))
                    .ifPresent(parent -> {
                        all.add(parent + ".");
                        all.add("beside." + parent + ".");
                    });
        }
        all.removeIf(name -> name.length() > 250 || name.startsWith("x*"));
        return all;
    }

    /** Every type that a name has at the name, some that it has not, then questions at random; at least as many as are asked for. */
    List<Question> make(int count) {
        List<Question> questions = new ArrayList<>();
        for (NameRecords at : zone.names().values()) {
            at.records().stream()
                    .map(record -> record.type().code())
                    .distinct()
                    .forEach(type -> questions.add(question(at.name() + ".", type)));
        }
        for (String name : names) {
            questions.add(question(name, Type.A));
            questions.add(question(name, anyType()));
        }
        while (questions.size() < count) {
            questions.add(question(names.get(random.nextInt(names.size())), anyType()));
        }
        return questions;
    }

    private int anyType() {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    private Question question(String name, int type) {
        int payload = PAYLOADS.get(random.nextInt(PAYLOADS.size()));
        boolean tcp = random.nextInt(4) == 0;
        return new Question(
                random.nextInt(65536),
                random.nextInt(3) == 0 ? respelled(name) : name,
                type,
                payload,
                payload > 0 && random.nextBoolean(),
                tcp);
    }

    /** In a spelling of its own (draft-vixie-dnsext-dns0x20). */
    private String respelled(String name) {
        StringBuilder spelled = new StringBuilder(name);
        for (int i = 0; i < spelled.length(); i++) {
            if (random.nextBoolean()) {
                spelled.setCharAt(i, Character.toUpperCase(spelled.charAt(i)));
            }
        }
        return spelled.toString();
    }
}
