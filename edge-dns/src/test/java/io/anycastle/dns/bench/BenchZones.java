package io.anycastle.dns.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Writes the zones that are measured and files of questions about them, the same ones each time: one zone of about 1,000 records, one of
 * 100,000 names, and 10,000 of a few records each.
 */
final class BenchZones {
    private static final String ZONE = "small.test.";
    private static final String BIG = "big.test.";
    private static final int BIG_NAMES = 100_000;
    private static final int MANY_ZONES = 10_000;
    private static final int HOSTS = 520;
    private static final int ALIASES = 120;
    private static final int MAIL_DOMAINS = 60;
    private static final int KEYS = 50;
    private static final int CHILDREN = 20;
    private static final int QUESTIONS = 50_000;

    /** So many that no server has their answers at hand from the round before. */
    private static final int QUESTIONS_BESIDE_CACHES = 200_000;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final Random random = new Random(1);
    private final List<String> lines = new ArrayList<>();

    private BenchZones() {}

    /**
     * Writes a folder for each load, with a master file for each zone, {@code zones.txt} that lists their names, and a file of questions
     * for each set.
     */
    static void write(Path folder) throws IOException {
        for (BenchSet.Load load : BenchSet.Load.values()) {
            Path into = folder.resolve(load.folder());
            Files.createDirectories(into);
            BenchZones zones = new BenchZones();
            switch (load) {
                case SMALL -> zones.small(into);
                case BIG -> zones.big(into);
                case MANY -> zones.many(into);
            }
        }
    }

    private void small(Path into) throws IOException {
        smallZone();
        write(into, ZONE);
        Files.writeString(into.resolve("zones.txt"), ZONE + "\n");
        Files.write(into.resolve("hits.txt"), questions(QUESTIONS, this::hit));
        Files.write(
                into.resolve("half-nxdomain.txt"), questions(QUESTIONS, () -> random.nextBoolean() ? hit() : miss(10)));
        Files.write(into.resolve("random.txt"), questions(QUESTIONS_BESIDE_CACHES, () -> miss(12)));
        Files.write(
                into.resolve("referrals.txt"),
                questions(QUESTIONS, () -> label(5) + ".child" + random.nextInt(CHILDREN) + "." + ZONE + " A"));
        Files.write(into.resolve("refused.txt"), questions(QUESTIONS, () -> label(8) + ".elsewhere.test. A"));
    }

    private void big(Path into) throws IOException {
        head(BIG);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < BIG_NAMES; i++) {
            names.add(label(8) + i);
            add(names.getLast() + " IN A " + ipv4());
            if (i % 3 == 0) {
                add(names.getLast() + " IN AAAA " + ipv6());
            }
        }
        write(into, BIG);
        Files.writeString(into.resolve("zones.txt"), BIG + "\n");
        Files.write(into.resolve("big.txt"), questions(QUESTIONS_BESIDE_CACHES, () -> any(names) + "." + BIG + " A"));
    }

    private void many(Path into) throws IOException {
        List<String> zones = new ArrayList<>();
        for (int i = 0; i < MANY_ZONES; i++) {
            String zone = "c%05d-%s.test.".formatted(i, label(5));
            zones.add(zone);
            lines.clear();
            head(zone);
            add("@ IN A " + ipv4());
            add("@ IN MX 10 mail");
            add("@ IN TXT \"v=spf1 mx -all\"");
            add("www IN CNAME " + zone);
            add("mail IN A " + ipv4());
            add("api IN A " + ipv4());
            add("api IN AAAA " + ipv6());
            write(into, zone);
        }
        Files.write(into.resolve("zones.txt"), zones);
        List<String> asked = List.of("%s A", "www.%s A", "%s MX", "api.%s A", "api.%s AAAA");
        Files.write(
                into.resolve("many.txt"),
                questions(QUESTIONS_BESIDE_CACHES, () -> any(asked).replace("%s", any(zones))));
    }

    private void write(Path into, String zone) throws IOException {
        Files.write(into.resolve(zone + "zone"), lines);
    }

    private void head(String zone) {
        add("$ORIGIN " + zone);
        add("$TTL 300");
        add("@ 3600 IN SOA ns1 hostmaster 1 10000 2400 604800 1800");
        add("@ 3600 IN NS ns1");
        add("@ 3600 IN NS ns2");
        add("ns1 IN A 192.0.2.53");
        add("ns2 IN A 192.0.2.54");
    }

    private void smallZone() {
        head(ZONE);
        add("@ IN A " + ipv4());
        add("@ IN AAAA " + ipv6());
        add("@ IN MX 10 mail1");
        add("@ IN TXT \"v=spf1 include:_spf.example.com -all\"");
        add("@ IN CAA 0 issue \"letsencrypt.org\"");
        add("mail1 IN A " + ipv4());
        add("mail2 IN A " + ipv4());
        add("*.wild IN A " + ipv4());
        for (int i = 0; i < HOSTS; i++) {
            add(host(i) + " IN A " + ipv4());
            if (i % 10 == 0) {
                add(host(i) + " IN A " + ipv4());
            }
            if (i % 3 == 0) {
                add(host(i) + " IN AAAA " + ipv6());
            }
        }
        for (int i = 0; i < ALIASES; i++) {
            add("www" + i + " IN CNAME " + host(i));
        }
        for (int i = 0; i < MAIL_DOMAINS; i++) {
            add("dept" + i + " IN MX 10 mail1");
            add("dept" + i + " IN MX 20 mail2");
        }
        for (int i = 0; i < KEYS; i++) {
            add("sel" + i + "._domainkey IN TXT \"v=DKIM1; k=rsa; p=" + label(180) + "\"");
        }
        for (int i = 0; i < CHILDREN; i++) {
            add("child" + i + " IN NS ns.child" + i);
            add("ns.child" + i + " IN A " + ipv4());
        }
    }

    /** Mostly addresses, some aliases, mail, keys, apex records, wildcards, and a type that is not there. */
    private String hit() {
        int kind = random.nextInt(100);
        if (kind < 58) {
            return host(random.nextInt(HOSTS)) + "." + ZONE + " A";
        }
        if (kind < 78) {
            return host(random.nextInt(HOSTS) / 3 * 3) + "." + ZONE + " AAAA";
        }
        if (kind < 87) {
            return "www" + random.nextInt(ALIASES) + "." + ZONE + " A";
        }
        if (kind < 90) {
            return "dept" + random.nextInt(MAIL_DOMAINS) + "." + ZONE + " MX";
        }
        if (kind < 93) {
            return "sel" + random.nextInt(KEYS) + "._domainkey." + ZONE + " TXT";
        }
        if (kind < 95) {
            return ZONE + " " + List.of("NS", "SOA", "MX", "TXT", "A").get(random.nextInt(5));
        }
        return kind < 98
                ? "w" + random.nextInt(5000) + ".wild." + ZONE + " A"
                : host(random.nextInt(HOSTS)) + "." + ZONE + " HTTPS";
    }

    private String miss(int length) {
        return label(length) + "." + ZONE + " A";
    }

    private String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<String> questions(int count, Supplier<String> source) {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            questions.add(source.get());
        }
        return questions;
    }

    private void add(String line) {
        lines.add(line);
    }

    private static String host(int number) {
        return "host%04d".formatted(number);
    }

    private String label(int length) {
        StringBuilder label = new StringBuilder();
        for (int i = 0; i < length; i++) {
            label.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return label.toString();
    }

    private String ipv4() {
        return "192.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), 1 + random.nextInt(254));
    }

    private String ipv6() {
        return "2001:db8:%x:%x::%x".formatted(random.nextInt(65536), random.nextInt(65536), 1 + random.nextInt(65535));
    }
}
