package io.anycastle.core.rdata;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidName;
import java.io.ByteArrayOutputStream;

/**
 * A domain name, written without compression.
 *
 * @param refusesAddress whether a text that looks like an IPv4 address is surely a mistake
 */
record NameField(String key, boolean refusesAddress) implements FieldForm {
    @Override
    public String expected() {
        return "a host name, like host.example.com";
    }

    @Override
    public String fromWord(String raw, TargetNames names) {
        if (refusesAddress && (Addresses.ipv4(raw).isPresent() || raw.indexOf(':') >= 0)) {
            throw new InvalidField("expected " + expected() + ", not an IP address");
        }
        try {
            return text(names.read(raw).toString());
        } catch (InvalidName e) {
            throw new InvalidField("expected " + expected() + ": " + e.rule());
        }
    }

    @Override
    public String fromValue(Object given, TargetNames names) {
        return fromWord(given.toString(), names);
    }

    /** The root is a single dot; no other name ends in one. */
    @Override
    public String text(Object value) {
        String text = value.toString();
        return text.isEmpty() ? "." : text;
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        out.writeBytes(DomainName.of(value.toString()).wire());
    }
}
