package io.anycastle.dns.peer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A zone of one to five records made from a seed, whose few labels meet each other in every odd way: asterisks anywhere, records at and
 * below delegations and redirections, aliases and redirections to themselves, each other, above and below.
 *
 * @param text the records in master form, relative to the zone's name
 * @param names those that the records are of or lead to, and what lies above and below them
 */
record OddZone(String name, String text, List<String> names) {
    private static final List<String> LABELS = List.of("a", "b", "www", "*");
    private static final List<String> TYPES =
            List.of("A", "A", "AAAA", "NS", "NS", "NS", "CNAME", "CNAME", "DNAME", "DNAME", "TXT", "MX", "DS");
    private static final List<Integer> ASKED = List.of(
            org.xbill.DNS.Type.A,
            org.xbill.DNS.Type.NS,
            org.xbill.DNS.Type.CNAME,
            org.xbill.DNS.Type.DNAME,
            org.xbill.DNS.Type.TXT,
            org.xbill.DNS.Type.DS,
            org.xbill.DNS.Type.MX);

    /** @param number tells the zone from the others of one run */
    static OddZone made(long seed, int number) {
        Random random = new Random(seed * 1_000_003 + number);
        String name = (random.nextInt(6) == 0 ? "a.*." : "") + "z" + number + ".odd";
        Set<String> names = new LinkedHashSet<>(List.of(name + "."));
        StringBuilder text = new StringBuilder();
        for (int records = 1 + random.nextInt(5); records > 0; records--) {
            String type = TYPES.get(random.nextInt(TYPES.size()));
            String owner = isOfCut(type) ? below(random) : inside(random);
            String target = target(random);
            text.append(owner).append("\t300\t").append(type).append('\t');
            text.append(data(random, type, target)).append('\n');
            names.add(absolute(owner, name));
            if (!target.endsWith(".")) {
                names.add(absolute(target, name));
            }
        }
        for (String known : List.copyOf(names)) {
            names.add("a." + known);
            names.add("x.b." + known);
            String above = known.substring(known.indexOf('.') + 1);
            if (above.endsWith(name + ".")) {
                names.add(above);
            }
        }
        return new OddZone(name, text.toString(), List.copyOf(names));
    }

    private static String inside(Random random) {
        return random.nextInt(10) == 0 ? "@" : below(random);
    }

    /** At the zone's own name the edge makes the NS records itself, and BIND takes a DS only behind an NS that names it. */
    private static boolean isOfCut(String type) {
        return type.equals("NS") || type.equals("DS");
    }

    /** Not the zone's own name. */
    private static String below(Random random) {
        StringBuilder name = new StringBuilder(label(random));
        while (random.nextInt(3) == 0) {
            name.append('.').append(label(random));
        }
        return name.toString();
    }

    private static String label(Random random) {
        return LABELS.get(random.nextInt(LABELS.size()));
    }

    private static String target(Random random) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> "t.other.example.";
            case 2 -> random.nextInt(4) == 0 ? "." : "@";
            default -> inside(random);
        };
    }

    private static String data(Random random, String type, String target) {
        return switch (type) {
            case "A" -> "192.0.2." + random.nextInt(4);
            case "AAAA" -> "2001:db8::" + random.nextInt(4);
            case "MX" -> random.nextInt(4) + " " + target;
            case "TXT" -> "\"text " + random.nextInt(4) + "\"";
            case "DS" -> "1 13 1 0123456789012345678901234567890123456789";
            default -> target;
        };
    }

    private static String absolute(String relative, String zone) {
        return (relative.equals("@") ? "" : relative + ".") + zone + ".";
    }

    /** Questions for names that are there, and not, for most of what they may have. */
    List<Question> questions(long seed, int count) {
        Random random = new Random(seed + name.hashCode());
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String asked = names.get(random.nextInt(names.size()));
            int type = ASKED.get(random.nextInt(ASKED.size()));
            questions.add(new Question(random.nextInt(65536), asked, type, 1232, false, random.nextInt(4) == 0));
        }
        return questions;
    }
}
