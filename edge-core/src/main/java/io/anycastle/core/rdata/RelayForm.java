package io.anycastle.core.rdata;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** AMTRELAY (RFC 8777): {@code <precedence> <discovery> <type> <relay>}; the type says whether the relay is none, an address or a name. */
final class RelayForm implements ContentForm {
    private static final int NONE = 0;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int NAME = 3;
    private static final NumberField PRECEDENCE = NumberField.octet("precedence");
    private static final NameField RELAY = new NameField("relay", true);

    @Override
    public RecordContent fromContent(String content, OptionalInt priority, TargetNames names) {
        List<Token> words = ContentTokens.split(content);
        if (words.size() != 4) {
            throw InvalidContentException.content(content, "expected <precedence> <discovery> <type> <relay>");
        }
        try {
            int precedence = PRECEDENCE.fromWord(words.get(0).raw(), names);
            int discovery = number(words.get(1).raw(), 1, "discovery");
            int type = number(words.get(2).raw(), NAME, "type");
            return stored(precedence, discovery, type, relay(type, words.get(3).raw(), names));
        } catch (InvalidFieldException e) {
            throw InvalidContentException.content(content, e.rule());
        }
    }

    private static int number(String word, int max, String field) {
        if (!word.matches("[0-9]") || Integer.parseInt(word) > max) {
            throw new InvalidFieldException(field + ": expected a whole number from 0 to " + max);
        }
        return Integer.parseInt(word);
    }

    /** The relay as it is stored. */
    private static String relay(int type, String word, TargetNames names) {
        Optional<String> relay = switch (type) {
            case NONE -> word.equals(".") ? Optional.of(word) : Optional.empty();
            case IPV4 -> Addresses.ipv4(word).map(AddressText::of);
            case IPV6 -> Addresses.ipv6(word).map(AddressText::of);
            default -> Optional.of(RELAY.fromWord(word, names));
        };
        return relay.orElseThrow(() -> new InvalidFieldException("relay: expected "
                + (type == NONE
                        ? "'.' for type 0"
                        : type == IPV4 ? "an IPv4 address for type 1" : "an IPv6 address for type 2")));
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        ByteBuffer wire = ByteBuffer.wrap(octets);
        int precedence = wire.get() & 255;
        int second = wire.get() & 255;
        int type = second & 127;
        if (type > NAME) {
            throw new InvalidFieldException("type: expected a whole number from 0 to 3");
        }
        String relay = switch (type) {
            case NONE -> ".";
            case IPV4 -> address(wire, 4);
            case IPV6 -> address(wire, 16);
            default -> name(wire);
        };
        if (wire.hasRemaining()) {
            throw new InvalidFieldException("there are octets behind the relay");
        }
        return stored(precedence, second >> 7, type, relay);
    }

    private static String address(ByteBuffer wire, int size) {
        byte[] address = new byte[size];
        wire.get(address);
        return AddressText.of(address);
    }

    private static String name(ByteBuffer wire) {
        try {
            return RELAY.text(DomainName.read(wire).toString());
        } catch (InvalidNameException e) {
            throw new InvalidFieldException("relay: " + e.rule());
        }
    }

    private static RecordContent stored(int precedence, int discovery, int type, String relay) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(20);
        wire.write(precedence);
        wire.write(discovery << 7 | type);
        switch (type) {
            case NONE -> {}
            case IPV4 -> wire.writeBytes(Addresses.ipv4(relay).orElseThrow());
            case IPV6 -> wire.writeBytes(Addresses.ipv6(relay).orElseThrow());
            default -> RELAY.write(relay, wire);
        }
        String text = precedence + " " + discovery + " " + type + " " + relay;
        return new RecordContent(text, OptionalInt.empty(), Rdata.of(wire.toByteArray()));
    }

    @Override
    public String masterFileText(RecordContent stored) {
        boolean isName = stored.text().split(" ")[2].equals(String.valueOf(NAME));
        return isName ? NameField.absolute(stored.text()) : stored.text();
    }
}
