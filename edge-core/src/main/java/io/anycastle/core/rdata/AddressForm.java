package io.anycastle.core.rdata;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.Rdata;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** An IPv4 or IPv6 address; IPv6 is stored as RFC 5952 spells it. */
enum AddressForm implements ContentForm {
    IPV4 {
        @Override
        Optional<byte[]> octets(String text) {
            return Addresses.ipv4(text);
        }

        @Override
        String rule() {
            return "expected an IPv4 address in four decimal parts, like 192.0.2.1";
        }
    },
    IPV6 {
        @Override
        Optional<byte[]> octets(String text) {
            return Addresses.ipv6(text);
        }

        @Override
        String rule() {
            return "expected an IPv6 address, like 2001:db8::1";
        }
    };

    abstract Optional<byte[]> octets(String text);

    abstract String rule();

    @Override
    public RecordContent fromContent(String content, OptionalInt priority, TargetNames names) {
        byte[] octets = octets(content.strip()).orElseThrow(() -> InvalidContentException.content(content, rule()));
        return new RecordContent(AddressText.of(octets), OptionalInt.empty(), Rdata.of(octets));
    }

    @Override
    public RecordContent fromOctets(byte[] octets) {
        byte[] address = new byte[this == IPV4 ? 4 : 16];
        ByteBuffer.wrap(octets).get(address);
        if (octets.length > address.length) {
            throw new InvalidFieldException("there are more than " + address.length + " octets");
        }
        return new RecordContent(AddressText.of(address), OptionalInt.empty(), Rdata.of(address));
    }
}
