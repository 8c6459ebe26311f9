package io.anycastle.core.zonefile;

import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.store.change.Edit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Makes valid records of every type from a seed, with awkward texts. */
final class RandomRecords {
    private static final String AWKWARD = "abc xyz;()\"\\'=,:@$#\u00fc\u20ac\t\u0001";

    /** Every type with fields of its own, some that dnsjava spells, and one that nobody knows. */
    private static final List<RecordType> TYPES = Stream.concat(
                    RecordType.withFields().stream(),
                    Stream.of("HINFO", "RP", "CDS", "EUI48", "TYPE65280")
                            .map(name -> RecordType.named(name).orElseThrow()))
            .toList();

    private final Random random;

    /** A sequence of its own, so that the records stay those that they were. */
    private final Random origins;

    RandomRecords(long seed) {
        this.random = new Random(seed);
        this.origins = new Random(seed);
    }

    /** As many edits, each at a name of its own, so that none clashes with another. */
    List<Edit> edits(int count) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RecordType type = TYPES.get(i % TYPES.size());
            if (type == RecordType.DS) {
                edits.add(new Edit.CreateRecord(RecordDraft.of("n" + i, "NS", "ns" + i + ".example.net")));
            }
            edits.add(new Edit.CreateRecord(draft(name(i, type), type)));
        }
        return edits;
    }

    private String name(int i, RecordType type) {
        boolean isPlain = type == RecordType.NS || type == RecordType.DS || type == RecordType.DNAME;
        return (random.nextInt(10) == 0 && !isPlain ? "*." : "") + "n" + i;
    }

    /** A label of any octets, most of them such as mean something in a file. */
    private String oddLabel() {
        StringBuilder label = new StringBuilder();
        for (int octets = 1 + random.nextInt(6); octets > 0; octets--) {
            int octet = random.nextBoolean() ? ".\\\"@$;() *".charAt(random.nextInt(10)) : random.nextInt(256);
            label.append(String.format("\\%03d", octet));
        }
        return label.toString();
    }

    private RecordDraft draft(String name, RecordType type) {
        boolean proxied = type.isProxiable() && random.nextBoolean();
        String owner = !proxied && type != RecordType.DS && random.nextInt(3) == 0 ? name + "." + oddLabel() : name;
        RecordSettings settings = new RecordSettings(
                type.isProxiable() && random.nextInt(4) == 0, false, type == RecordType.CNAME && random.nextBoolean());
        return new RecordDraft(
                owner,
                type.name(),
                Optional.of(content(type)),
                Map.of(),
                Optional.of(random.nextInt(65536)),
                random.nextBoolean() ? Optional.empty() : Optional.of(30 + random.nextInt(86371)),
                Optional.of(proxied),
                Optional.of(settings),
                Optional.of(random.nextBoolean() ? "" : comment()),
                Optional.of(random.nextBoolean() ? List.of() : List.of("owner:" + comment(), "x" + random.nextInt(5))),
                type.isProxiable() && origins.nextBoolean() ? origin() : OriginDraft.NONE);
    }

    private OriginDraft origin() {
        return OriginDraft.among("""
                {"origin_port":%d,"origin_scheme":"%s","origin_host":"h%d.example:80","origin_sni":"h_%d","origin_tls_verify":%s,
                 "routes":[%s]}""".formatted(
                1 + origins.nextInt(65_535),
                List.of("http", "https", "h2c").get(origins.nextInt(3)),
                origins.nextInt(10),
                origins.nextInt(10),
                origins.nextBoolean(),
                origins.nextBoolean()
                        ? ""
                        : "{\"path\":\"/z,=a;b\",\"origin\":\"2001:db8::2\",\"port\":1},"
                                + "{\"path\":\"/\",\"origin\":\"h" + origins.nextInt(10) + "\",\"scheme\":\"http\"}"));
    }

    private String comment() {
        String text = printable(random.nextInt(20)).strip();
        return random.nextInt(5) == 0 ? text + " cf_tags=no" : text;
    }

    private String content(RecordType type) {
        return switch (type.name()) {
            case "A" -> "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
            case "AAAA" -> "2001:db8:" + (random.nextBoolean() ? "0:0:" : "1:2:") + hex(1) + "::" + hex(2);
            case "CNAME", "NS" -> host();
            case "DNAME" -> host() + ".away";
            case "PTR" -> random.nextInt(5) == 0 ? "." : host();
            case "MX" -> host();
            case "SRV" -> number(65536) + " " + number(65536) + " " + host();
            case "URI" -> number(65536) + " " + quoted(ascii(1 + random.nextInt(300)));
            case "CAA" -> number(256) + " issue " + quoted(ascii(random.nextInt(60)));
            case "CERT" -> "1 " + number(65536) + " 8 " + base64();
            case "DNSKEY" -> "256 3 13 " + base64();
            case "DS", "CDS" -> number(65536) + " 13 2 " + hex(32);
            case "OPENPGPKEY" -> base64();
            case "SMIMEA", "TLSA" -> "3 1 1 " + hex(32);
            case "SSHFP" -> "4 2 " + hex(32);
            case "NAPTR" ->
                number(65536) + " " + number(65536) + " \"u\" " + quoted(ascii(random.nextInt(20))) + " "
                        + quoted(ascii(random.nextInt(20))) + " " + (random.nextBoolean() ? "." : host());
            case "LOC" ->
                number(90) + " " + number(60) + " " + number(60) + "." + number(1000) + " N " + number(180) + " 0 0 W -"
                        + number(9999) + "." + random.nextInt(10) + "0m " + number(9) + "m";
            case "HTTPS", "SVCB" ->
                (random.nextBoolean() ? "." : host()) + " alpn=\"h3,h2\" port=" + number(65536) + " ipv6hint=2001:db8::"
                        + hex(2) + " key65400=\"" + hex(3) + "\"";
            case "TXT" -> text();
            case "HINFO" -> quoted(ascii(random.nextInt(60))) + " " + quoted(ascii(random.nextInt(60)));
            case "RP" -> "a.rp.example. b.rp.example.";
            case "EUI48" -> "\\# 6 " + hex(6);
            default -> "\\# 3 " + hex(3);
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int strings = 1 + random.nextInt(3); strings > 0; strings--) {
            byte[] octets = new byte[random.nextInt(400)];
            random.nextBytes(octets);
            String plain = printable(random.nextInt(300));
            text.append(text.isEmpty() ? "" : " ");
            text.append(random.nextBoolean() ? quoted(plain) : escaped(octets));
        }
        return text.toString();
    }

    private static String escaped(byte[] octets) {
        StringBuilder text = new StringBuilder("\"");
        for (byte octet : octets) {
            text.append(String.format("\\%03d", octet & 255));
        }
        return text.append('"').toString();
    }

    private String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private String printable(int length) {
        return pick(AWKWARD.substring(0, AWKWARD.length() - 2), length);
    }

    private String ascii(int length) {
        return pick("abcXYZ019 ;()\"\\'=,:@$#!*^", length);
    }

    private String pick(String from, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }

    private String host() {
        return (random.nextInt(4) == 0 ? oddLabel() + "." : "") + "h" + random.nextInt(1000)
                + (random.nextBoolean() ? ".example.com" : "._tcp.b\u00fccher.example");
    }

    private int number(int below) {
        return random.nextInt(below);
    }

    private String hex(int octets) {
        byte[] bytes = new byte[octets];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private String base64() {
        return Base64.getEncoder().encodeToString(ascii(1 + random.nextInt(80)).getBytes(StandardCharsets.US_ASCII));
    }
}
