package io.anycastle.dns.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Writes the zone of about 1,000 records that is measured, and files of questions about it: the same ones each time. */
public final class BenchZone {
    private static final String ZONE = "small.test.";
    private static final int HOSTS = 520;
    private static final int ALIASES = 120;
    private static final int MAIL_DOMAINS = 60;
    private static final int KEYS = 50;
    private static final int QUESTIONS = 50_000;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final Random random = new Random(1);
    private final List<String> lines = new ArrayList<>();

    private BenchZone() {}

    /** Writes {@code small.test.zone}, {@code hits.txt}, {@code half-nxdomain.txt} and {@code random.txt} into the folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        BenchZone zone = new BenchZone();
        zone.write();
        Files.write(folder.resolve("small.test.zone"), zone.lines);
        Files.write(folder.resolve("hits.txt"), zone.questions(zone::hit));
        Files.write(
                folder.resolve("half-nxdomain.txt"),
                zone.questions(() -> zone.random.nextBoolean() ? zone.hit() : zone.miss(10)));
        Files.write(folder.resolve("random.txt"), zone.questions(() -> zone.miss(12)));
    }

    private void write() {
        add("$ORIGIN " + ZONE);
        add("$TTL 300");
        add("@ 3600 IN SOA ns1 hostmaster 1 10000 2400 604800 1800");
        add("@ 3600 IN NS ns1");
        add("@ 3600 IN NS ns2");
        add("ns1 IN A 192.0.2.53");
        add("ns2 IN A 192.0.2.54");
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

    private List<String> questions(Supplier<String> source) {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
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
