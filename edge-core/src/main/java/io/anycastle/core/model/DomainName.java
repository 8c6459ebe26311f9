package io.anycastle.core.model;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A domain name in lower case, whose labels are made of any octets (RFC 2181 section 11). Its text is ASCII (punycode, and escapes as in
 * RFC 4343 section 2.1) without a final dot, the root being the empty text. Ordered canonically (RFC 4034 section 6.1), so that in a
 * sorted map a name's descendants follow it directly.
 */
public final class DomainName implements Comparable<DomainName> {
    /** Longest name on the wire in octets, length octets and root included (RFC 1035 section 2.3.4). */
    public static final int WIRE_OCTETS_MAX = 255;

    /** Longest label in octets. */
    public static final int LABEL_OCTETS_MAX = 63;

    /** Most characters of a name's text: each octet may be spelled with four. */
    public static final int TEXT_CHARS_MAX = 4 * WIRE_OCTETS_MAX;

    public static final DomainName ROOT = new DomainName("");

    /** One character for each octet, as {@link NameSpelling} has it. */
    private final String text;

    private DomainName(String text) {
        this.text = text;
    }

    /**
     * The name that the text spells; case and one final dot do not matter, {@code \\c} and {@code \\DDD} are octets of a label, and labels
     * outside ASCII are taken to punycode (IDNA 2003).
     *
     * @throws InvalidNameException saying which rule the text breaks
     */
    public static DomainName of(String spelled) {
        String text = isAbsolute(spelled) ? spelled.substring(0, spelled.length() - 1) : spelled;
        if (text.isEmpty()) {
            if (spelled.equals(".")) {
                return ROOT;
            }
            throw new InvalidNameException(spelled, "a name must not be empty");
        }
        String octets = NameSpelling.read(spelled, text);
        check(spelled, octets);
        return new DomainName(octets);
    }

    /** Whether the text ends in a dot that is not part of a label. */
    public static boolean isAbsolute(String spelled) {
        int at = spelled.length() - 1;
        if (at < 0 || spelled.charAt(at) != '.') {
            return false;
        }
        int backslashes = 0;
        while (at - 1 - backslashes >= 0 && spelled.charAt(at - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 0;
    }

    /**
     * Reads an uncompressed name (RFC 1035 section 3.1) from where the buffer stands.
     *
     * @throws InvalidNameException when there is none
     */
    public static DomainName read(ByteBuffer wire) {
        StringBuilder octets = new StringBuilder(32);
        while (true) {
            int length = wire.hasRemaining() ? wire.get() & 255 : -1;
            if (length < 0 || length > LABEL_OCTETS_MAX || length > wire.remaining()) {
                throw new InvalidNameException("", "the octets end in the middle of a name, or a label is none");
            }
            if (length == 0) {
                break;
            }
            octets.append(octets.isEmpty() ? "" : ".");
            for (int i = 0; i < length; i++) {
                octets.append(NameSpelling.octet(wire.get() & 255));
            }
        }
        if (octets.isEmpty()) {
            return ROOT;
        }
        String text = octets.toString();
        check(NameSpelling.spelled(text), text);
        return new DomainName(text);
    }

    /**
     * The name that a user means inside a zone: {@code @} is the apex, a name at or below the zone is taken as it stands, anything else
     * is relative to the zone, unless it ends in a dot.
     *
     * @throws InvalidNameException when the text is no name, or is absolute and outside the zone
     */
    public static DomainName inZone(String spelled, DomainName zone) {
        if (spelled.equals("@")) {
            return zone;
        }
        DomainName name = of(spelled);
        if (name.isAtOrBelow(zone)) {
            return name;
        }
        if (isAbsolute(spelled)) {
            throw new InvalidNameException(spelled, "an absolute name must lie in the zone " + zone);
        }
        return name.below(spelled, zone);
    }

    private DomainName below(String spelled, DomainName zone) {
        String both = zone.isRoot() ? text : text + "." + zone.text;
        check(spelled, both);
        return new DomainName(both);
    }

    private static void check(String spelled, String text) {
        if (text.length() + 2 > WIRE_OCTETS_MAX) {
            throw new InvalidNameException(spelled, "a name has at most 253 characters");
        }
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                checkLabel(spelled, i - start);
                start = i + 1;
            }
        }
    }

    private static void checkLabel(String spelled, int length) {
        if (length == 0) {
            throw new InvalidNameException(spelled, "a name has no empty label");
        }
        if (length > LABEL_OCTETS_MAX) {
            throw new InvalidNameException(spelled, "a label has at most 63 characters");
        }
    }

    /**
     * Whether all its labels are of letters, digits, hyphens and underscores, or a single asterisk: what a browser can ask for (RFC 1123
     * section 2.1, and what is usual beside).
     */
    public boolean isHostName() {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                start = i + 1;
            } else if (!isHostCharacter(text.charAt(i)) && !isAsteriskLabel(start)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAsteriskLabel(int start) {
        return text.charAt(start) == '*' && (start + 1 == text.length() || text.charAt(start + 1) == '.');
    }

    private static boolean isHostCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    public boolean isRoot() {
        return text.isEmpty();
    }

    /** Whether the left-most label is a single asterisk (RFC 4592 section 2.1.1). */
    public boolean isWildcard() {
        return text.equals("*") || text.startsWith("*.");
    }

    /** Whether this name is the other or lies below it. */
    public boolean isAtOrBelow(DomainName other) {
        return other.isRoot() || text.equals(other.text) || isBelow(other);
    }

    /** Whether this name lies strictly below the other. */
    public boolean isBelow(DomainName other) {
        if (other.isRoot()) {
            return !isRoot();
        }
        int cut = text.length() - other.text.length() - 1;
        return cut > 0 && text.charAt(cut) == '.' && text.endsWith(other.text);
    }

    /** The name without its left-most label; empty for the root. */
    public Optional<DomainName> parent() {
        if (isRoot()) {
            return Optional.empty();
        }
        int dot = text.indexOf('.');
        return Optional.of(dot < 0 ? ROOT : new DomainName(text.substring(dot + 1)));
    }

    /** The wildcard directly below this name. */
    public DomainName wildcardChild() {
        return new DomainName(isRoot() ? "*" : "*." + text);
    }

    /** How many labels the name has; 0 for the root. */
    public int labelCount() {
        return isRoot() ? 0 : 1 + (int) text.chars().filter(c -> c == '.').count();
    }

    /** The uncompressed wire form (RFC 1035 section 3.1), a new array. */
    public byte[] wire() {
        if (isRoot()) {
            return new byte[1];
        }
        byte[] wire = new byte[text.length() + 2];
        int lengthAt = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                wire[lengthAt] = (byte) (i - lengthAt);
                lengthAt = i + 1;
            } else {
                wire[i + 1] = (byte) octet(c);
            }
        }
        wire[lengthAt] = (byte) (text.length() - lengthAt);
        return wire;
    }

    private static int octet(char c) {
        return c == NameSpelling.LABEL_DOT ? '.' : c;
    }

    /** The name relative to a zone at or above it, as zone files write it: {@code @} for the zone itself. */
    public String relativeTo(DomainName zone) {
        if (equals(zone)) {
            return "@";
        }
        String part =
                isBelow(zone) && !zone.isRoot() ? text.substring(0, text.length() - zone.text.length() - 1) : text;
        return NameSpelling.spelled(part);
    }

    /** By labels from the right (RFC 4034 section 6.1); what both names end in, most often a zone, is looked at once. */
    @Override
    public int compareTo(DomainName other) {
        String a = text;
        String b = other.text;
        int i = a.length() - 1;
        int j = b.length() - 1;
        while (i >= 0 && j >= 0 && a.charAt(i) == b.charAt(j)) {
            i--;
            j--;
        }
        boolean isAncestor = i < 0 && (j < 0 || a.isEmpty() || b.charAt(j) == '.');
        boolean isBelow = j < 0 && (b.isEmpty() || (i >= 0 && a.charAt(i) == '.'));
        if (isAncestor || isBelow) {
            return Boolean.compare(i >= 0, j >= 0);
        }
        return compareLabels(a, labelStart(a, i), labelEnd(a, i), b, labelStart(b, j), labelEnd(b, j));
    }

    private static int labelStart(String name, int at) {
        return name.lastIndexOf('.', at) + 1;
    }

    private static int labelEnd(String name, int at) {
        int end = name.indexOf('.', at + 1);
        return end < 0 ? name.length() : end;
    }

    private static int compareLabels(String a, int startA, int endA, String b, int startB, int endB) {
        int common = Math.min(endA - startA, endB - startB);
        for (int i = 0; i < common; i++) {
            int order = octet(a.charAt(startA + i)) - octet(b.charAt(startB + i));
            if (order != 0) {
                return order;
            }
        }
        return (endA - startA) - (endB - startB);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainName name && name.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The stored form: no final dot, escapes where they are needed; the root is empty. */
    @Override
    public String toString() {
        return NameSpelling.spelled(text);
    }
}
