package io.anycastle.core.rdata;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A domain name, written without compression.
 *
 * @param refusesAddress whether a text that looks like an address is surely a mistake
 */
record NameField(String key, boolean refusesAddress) implements FieldForm {
    @Override
    public String expected() {
        return "a host name, like host.example.com";
    }

    @Override
    public String fromWord(String raw, TargetNames names) {
        if (refusesAddress && isMistaken(raw)) {
            throw new InvalidFieldException("expected " + expected() + ", not an IP address or a URL");
        }
        try {
            return text(names.read(raw).toString());
        } catch (InvalidNameException e) {
            throw new InvalidFieldException("expected " + expected() + ": " + e.rule());
        }
    }

    /** With its final dot even digits are meant to be a name. */
    private static boolean isMistaken(String raw) {
        return raw.contains("://") || isAddress(raw);
    }

    private static boolean isAddress(String text) {
        return Addresses.ipv4(text).isPresent() || Addresses.ipv6(text).isPresent();
    }

    @Override
    public String read(ByteBuffer wire) {
        try {
            return text(DomainName.read(wire).toString());
        } catch (InvalidNameException e) {
            throw new InvalidFieldException("expected a name: " + e.rule());
        }
    }

    @Override
    public String fromValue(Object given, TargetNames names) {
        return fromWord(given.toString(), names);
    }

    /** The root is a single dot; no other name ends in one, but for what would be refused without it. */
    @Override
    public String text(Object value) {
        String text = value.toString();
        return text.isEmpty() || isAddress(text) ? text + "." : text;
    }

    /** The text with its final dot. */
    static String absolute(String text) {
        return DomainName.isAbsolute(text) ? text : text + ".";
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        out.writeBytes(DomainName.of(value.toString()).wire());
    }
}
