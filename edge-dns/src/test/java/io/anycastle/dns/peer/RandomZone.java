package io.anycastle.dns.peer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A zone's master file made from a seed: names of all depths, wildcards, delegations, redirections and aliases across each other. */
final class RandomZone {
    private static final int NAMES = 400;

    private final Random random;
    private final List<String> names = new ArrayList<>(List.of("@"));
    private final Set<String> taken = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    RandomZone(long seed, String origin) {
        random = new Random(seed);
        text.append("$ORIGIN ").append(origin).append(".\n");
        for (int i = 0; i < NAMES; i++) {
            String name = newName();
            if (!isClosed(name) && taken.add(name)) {
                fill(name);
                names.add(name);
            }
        }
    }

    String text() {
        return text.toString();
    }

    /** Nothing is put below a redirection: how much of that is served is not laid down. */
    private String newName() {
        String parent = names.get(random.nextInt(names.size()));
        while (isClosed(parent) || parent.startsWith("*") || depth(parent) > 6) {
            parent = names.get(random.nextInt(names.size()));
        }
        String label = random.nextInt(12) == 0 ? "*" : label();
        String skipped = random.nextInt(8) == 0 ? "." + label() : "";
        return label + skipped + (parent.equals("@") ? "" : "." + parent);
    }

    private boolean isClosed(String name) {
        return closed.stream().anyMatch(above -> name.equals(above) || name.endsWith("." + above));
    }

    private static int depth(String name) {
        return name.split("\\.").length;
    }

    private String label() {
        return "abcd".charAt(random.nextInt(4)) + String.valueOf(random.nextInt(15));
    }

    private void fill(String name) {
        int kind = random.nextInt(20);
        boolean isWildcard = name.startsWith("*");
        if (kind < 4) {
            line(name, "CNAME", target());
        } else if (kind < 6 && !isWildcard) {
            delegate(name);
        } else if (kind == 6 && !isWildcard && taken.stream().noneMatch(other -> other.endsWith("." + name))) {
            closed.add(name);
            line(
                    name,
                    "DNAME",
                    random.nextBoolean() ? "d" + random.nextInt(60) + ".elsewhere.test." : redirected(name));
        } else {
            for (int sets = 1 + random.nextInt(4); sets > 0; sets--) {
                set(name);
            }
        }
    }

    /** Some other name: redirections that feed on themselves end wherever each server's patience does. */
    private String redirected(String name) {
        String target = names.get(random.nextInt(names.size()));
        boolean isFit = !target.equals("@") && !target.equals(name) && !target.endsWith("." + name);
        return isFit && !target.startsWith("*") ? target : "plain";
    }

    private void delegate(String name) {
        for (int servers = 1 + random.nextInt(4); servers > 0; servers--) {
            switch (random.nextInt(3)) {
                case 0 -> line(name, "NS", "ns" + servers + ".example.net.");
                case 1 -> line(name, "NS", target());
                default -> {
                    String host = "ns" + servers + "." + name;
                    line(name, "NS", host);
                    line(host, random.nextBoolean() ? "A" : "AAAA", "");
                    taken.add(host);
                }
            }
        }
        if (random.nextBoolean()) {
            line(name, "DS", "1 13 1 0123456789012345678901234567890123456789");
        }
    }

    private void set(String name) {
        String[] types = {"A", "AAAA", "MX", "TXT", "SRV", "PTR", "CAA", "HTTPS", "TYPE65280", "NAPTR", "SSHFP"};
        String type = types[random.nextInt(types.length)];
        for (int records = 1 + random.nextInt(3); records > 0; records--) {
            line(name, type, "");
        }
    }

    private void line(String name, String type, String data) {
        int ttl = 60 + type.hashCode() % 7 * 60 + 420; // one per type: a set has one TTL
        text.append(name).append('\t').append(ttl).append('\t').append(type).append('\t');
        text.append(data.isEmpty() ? data(type) : data).append('\n');
    }

    private String data(String type) {
        int number = random.nextInt(250);
        return switch (type) {
            case "A" -> "192.0.2." + number;
            case "AAAA" -> "2001:db8::" + Integer.toHexString(number);
            case "MX" -> number + " " + target();
            case "SRV" -> number + " 1 443 " + target();
            case "PTR" -> target();
            case "CAA" -> "0 issue \"ca" + number + ".example\"";
            case "HTTPS" -> (number + 1) + " " + target() + " port=" + number;
            case "NAPTR" -> number + " 1 \"a\" \"x\" \"\" " + target();
            case "SSHFP" -> "4 2 " + "%02x".formatted(number).repeat(32);
            case "TYPE65280" -> "\\# 2 00" + "%02x".formatted(number);
            default -> "\"text " + number + "\"";
        };
    }

    /** A name of the zone, one below such a name, or one outside. */
    private String target() {
        String known = names.get(random.nextInt(names.size()));
        return switch (random.nextInt(6)) {
            case 0 -> "h" + number() + ".example.org.";
            case 1 -> label() + (known.equals("@") || known.startsWith("*") ? "" : "." + known);
            default ->
                known.startsWith("*") ? known.substring(known.indexOf('.') < 0 ? 0 : known.indexOf('.') + 1) : known;
        };
    }

    private int number() {
        return random.nextInt(20);
    }
}
