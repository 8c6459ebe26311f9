package io.anycastle.core.rdata;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * APL (RFC 3123): any number of {@code [!]<family>:<address>/<prefix>}. A family is an address family's number at IANA; data without any
 * prefix, or with a family that has no spelling, is stored as octets (RFC 3597 section 5).
 */
final class PrefixesForm implements ContentForm {
    private static final String EXPECTED =
            "expected [!]<family>:<address>/<prefix>, like 1:192.0.2.0/24 or !2:2001:db8::/32";
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int NEGATION = 128;

    /** @param address without the zero octets at its end */
    private record Prefix(int family, int length, boolean isNegated, Rdata address) {
        /** @throws InvalidFieldException when the family has no such addresses or prefixes */
        Prefix checked() {
            boolean isKnown = octets(family) > 0;
            boolean fits = !isKnown || (address.length() <= octets(family) && length <= 8 * octets(family));
            if (!fits) {
                throw new InvalidFieldException("family " + family + " has addresses of " + octets(family)
                        + " octets and prefixes of at most " + 8 * octets(family) + " bits");
            }
            if (address.length() > 0 && address.wire()[address.length() - 1] == 0) {
                throw new InvalidFieldException("an address has no zero octets at its end (RFC 3123 section 4)");
            }
            return this;
        }

        void write(ByteArrayOutputStream out) {
            out.write(family >> 8);
            out.write(family);
            out.write(length);
            out.write((isNegated ? NEGATION : 0) | address.length());
            out.writeBytes(address.wire());
        }

        String text() {
            String whole = AddressText.of(Arrays.copyOf(address.wire(), octets(family)));
            return (isNegated ? "!" : "") + family + ":" + whole + "/" + length;
        }
    }

    /** Octets of the family's addresses; 0 for one that has no spelling. */
    private static int octets(int family) {
        return family == IPV4 ? 4 : family == IPV6 ? 16 : 0;
    }

    @Override
    public RecordContent fromContent(String content, OptionalInt priority, TargetNames names) {
        try {
            if (OctetsText.isMarked(content)) {
                return fromOctets(OctetsText.read(content).orElseThrow(() -> new InvalidFieldException(EXPECTED)));
            }
            List<Prefix> prefixes = new ArrayList<>();
            for (Token word : ContentTokens.split(content)) {
                prefixes.add(prefix(word.raw()));
            }
            return stored(prefixes);
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(content, e.rule());
        }
    }

    private static Prefix prefix(String word) {
        boolean isNegated = word.startsWith("!");
        int colon = word.indexOf(':');
        int slash = word.lastIndexOf('/');
        if (colon < 0 || slash < colon || !word.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new InvalidFieldException(EXPECTED);
        }
        String address = word.substring(colon + 1, slash);
        Optional<byte[]> octets = switch (word.substring(isNegated ? 1 : 0, colon)) {
            case "1" -> Addresses.ipv4(address);
            case "2" -> Addresses.ipv6(address);
            default -> Optional.empty();
        };
        byte[] whole = octets.orElseThrow(() -> new InvalidFieldException(EXPECTED));
        int used = whole.length;
        while (used > 0 && whole[used - 1] == 0) {
            used--;
        }
        return new Prefix(
                        whole.length == 4 ? IPV4 : IPV6,
                        Integer.parseInt(word.substring(slash + 1)),
                        isNegated,
                        Rdata.of(Arrays.copyOf(whole, used)))
                .checked();
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        List<Prefix> prefixes = new ArrayList<>();
        while (wire.hasRemaining()) {
            int family = Short.toUnsignedInt(wire.getShort());
            int length = Byte.toUnsignedInt(wire.get());
            int flagAndOctets = Byte.toUnsignedInt(wire.get());
            byte[] address = new byte[flagAndOctets & (NEGATION - 1)];
            wire.get(address);
            prefixes.add(new Prefix(family, length, flagAndOctets >= NEGATION, Rdata.of(address)).checked());
        }
        return stored(prefixes);
    }

    private static RecordContent stored(List<Prefix> prefixes) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(32);
        prefixes.forEach(prefix -> prefix.write(wire));
        Rdata octets = Rdata.of(wire.toByteArray());
        boolean hasSpelling = !prefixes.isEmpty() && prefixes.stream().allMatch(prefix -> octets(prefix.family) > 0);
        String text = hasSpelling
                ? String.join(" ", prefixes.stream().map(Prefix::text).toList())
                : OctetsText.of(octets);
        return new RecordContent(text, OptionalInt.empty(), octets);
    }
}
