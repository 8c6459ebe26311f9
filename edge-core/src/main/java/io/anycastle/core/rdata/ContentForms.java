package io.anycastle.core.rdata;

import static io.anycastle.core.rdata.FieldsForm.Priority.IN_DATA;
import static io.anycastle.core.rdata.FieldsForm.Priority.NONE;
import static io.anycastle.core.rdata.FieldsForm.Priority.TOP_LEVEL;
import static io.anycastle.core.rdata.NumberField.octet;
import static io.anycastle.core.rdata.NumberField.sixteenBits;

import io.anycastle.core.model.RecordType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of types: which fields each has, in the order of the wire and of the API. */
final class ContentForms {
    private static final Map<String, Integer> CERTIFICATE_TYPES = Map.of(
            "PKIX", 1, "SPKI", 2, "PGP", 3, "IPKIX", 4, "ISPKI", 5, "IPGP", 6, "ACPKIX", 7, "IACPKIX", 8, "URI", 253,
            "OID", 254);
    private static final Map<String, Integer> KEY_ALGORITHMS = Map.of(
            "RSASHA1",
            5,
            "RSASHA256",
            8,
            "RSASHA512",
            10,
            "ECDSAP256SHA256",
            13,
            "ECDSAP384SHA384",
            14,
            "ED25519",
            15,
            "ED448",
            16);
    private static final Map<RecordType, ContentForm> FORMS = new TreeMap<>();

    static {
        addressesAndNames();
        services();
        keysAndDigests();
        texts();
        locators();
        others();
    }

    private ContentForms() {}

    static ContentForm of(RecordType type) {
        ContentForm form = FORMS.get(type);
        return form != null ? form : new GenericForm(type);
    }

    private static void addressesAndNames() {
        FORMS.put(RecordType.A, AddressForm.IPV4);
        FORMS.put(RecordType.AAAA, AddressForm.IPV6);
        FORMS.put(RecordType.CNAME, name());
        FORMS.put(RecordType.DNAME, name());
        FORMS.put(RecordType.NS, name());
        FORMS.put(RecordType.PTR, name());
        FORMS.put(RecordType.TXT, TextForm.WHOLE);
        FORMS.put(RecordType.LOC, new LocationForm());
    }

    private static void services() {
        FORMS.put(RecordType.MX, new FieldsForm(TOP_LEVEL, false, List.of(new NameField("host", true))));
        FORMS.put(
                RecordType.SRV,
                new FieldsForm(
                        IN_DATA,
                        true,
                        List.of(sixteenBits("weight"), sixteenBits("port"), new NameField("target", true))));
        FORMS.put(RecordType.SVCB, new ServiceBindingForm());
        FORMS.put(RecordType.HTTPS, new ServiceBindingForm());
        FORMS.put(
                RecordType.URI,
                new FieldsForm(TOP_LEVEL, true, List.of(sixteenBits("weight"), TextField.unprefixed("target"))));
        FORMS.put(
                RecordType.NAPTR,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                sixteenBits("order"),
                                sixteenBits("preference"),
                                TextField.prefixed("flags"),
                                TextField.prefixed("service"),
                                TextField.prefixed("regex"),
                                new NameField("replacement", false))));
        FORMS.put(
                RecordType.CAA,
                new FieldsForm(
                        NONE, true, List.of(octet("flags"), TextField.token("tag"), TextField.unprefixed("value"))));
    }

    private static void keysAndDigests() {
        FORMS.put(
                RecordType.CERT,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                sixteenBits("type").called(CERTIFICATE_TYPES),
                                sixteenBits("key_tag"),
                                octet("algorithm").called(KEY_ALGORITHMS),
                                BinaryField.base64("certificate"))));
        FORMS.put(
                RecordType.DNSKEY,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                sixteenBits("flags"),
                                octet("protocol"),
                                octet("algorithm").called(KEY_ALGORITHMS),
                                BinaryField.base64("public_key"))));
        FORMS.put(RecordType.OPENPGPKEY, new FieldsForm(NONE, false, List.of(BinaryField.base64("public_key"))));
        FORMS.put(
                RecordType.DS,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                sixteenBits("key_tag"),
                                octet("algorithm").called(KEY_ALGORITHMS),
                                octet("digest_type"),
                                BinaryField.hex("digest").sizedBy("digest_type", Map.of(1, 20, 2, 32, 4, 48)))));
        FORMS.put(
                RecordType.SSHFP,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                octet("algorithm"),
                                octet("type"),
                                BinaryField.hex("fingerprint").sizedBy("type", Map.of(1, 20, 2, 32)))));
        FORMS.put(
                RecordType.TLSA,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                octet("usage"),
                                octet("selector"),
                                octet("matching_type"),
                                BinaryField.hex("certificate"))));
        FORMS.put(
                RecordType.SMIMEA,
                new FieldsForm(
                        NONE,
                        true,
                        List.of(
                                octet("usage"),
                                octet("selector"),
                                octet("matching_type"),
                                BinaryField.hex("certificate"))));
    }

    private static void texts() {
        put("SPF", TextForm.WHOLE);
        for (String type : List.of("AVC", "RESINFO", "WALLET")) {
            put(type, TextForm.WORDS);
        }
        put("X25", fields(TextField.digits("address")));
        put("NSAP", fields(BinaryField.hexPrefixed("address")));
    }

    private static void locators() {
        put("EUI48", fields(WordField.hyphened("address", 6)));
        put("EUI64", fields(WordField.hyphened("address", 8)));
        put("NID", fields(sixteenBits("preference"), WordField.groups("node_id")));
        put("L32", fields(sixteenBits("preference"), WordField.ipv4("locator")));
        put("L64", fields(sixteenBits("preference"), WordField.groups("locator")));
        put("LP", fields(sixteenBits("preference"), new NameField("target", true)));
    }

    private static void others() {
        put("CSYNC", fields(WordField.thirtyTwoBits("serial"), sixteenBits("flags"), new TypesField("types")));
        put(
                "DSYNC",
                fields(
                        WordField.type("type"),
                        WordField.octet("scheme", Map.of("NOTIFY", 1)),
                        sixteenBits("port"),
                        new NameField("target", true)));
        put("AMTRELAY", new RelayForm());
        put("APL", new PrefixesForm());
    }

    private static void put(String type, ContentForm form) {
        FORMS.put(RecordType.named(type).orElseThrow(), form);
    }

    private static ContentForm fields(FieldForm... fields) {
        return new FieldsForm(NONE, false, List.of(fields));
    }

    private static ContentForm name() {
        return new FieldsForm(NONE, false, List.of(new NameField("target", true)));
    }
}
