package io.anycastle.core.rdata;

import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.TypeMnemonics;
import io.anycastle.core.rdata.ContentTokens.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.UNKRecord;

/**
 * A type without fields of its own here: spelled as dnsjava knows it, or as any type can be, {@code \#}, the number of octets, and the
 * octets in hexadecimal (RFC 3597 section 5).
 */
final class GenericForm implements ContentForm {
    private final int code;

    GenericForm(RecordType type) {
        code = type.code();
    }

    /** Marked octets are taken as they are, if they are data of the type. */
    @Override
    public RecordContent fromOctets(byte[] octets) {
        try {
            Record read = Record.newRecord(Name.root, code, DClass.IN, 0, octets.length, octets);
            Rdata given = Rdata.of(read.rdataToWireCanonical());
            return new RecordContent(text(read, given), OptionalInt.empty(), given);
        } catch (RuntimeException e) {
            throw new InvalidFieldException("they are malformed");
        }
    }

    @Override
    public RecordContent fromContent(String content, OptionalInt priority, TargetNames names) {
        Record read = read(code, resolved(content, names), origin(content, names));
        Rdata octets = Rdata.of(read.rdataToWireCanonical());
        return new RecordContent(text(read, octets), OptionalInt.empty(), octets);
    }

    private static Name origin(String content, TargetNames names) {
        try {
            return Name.fromString(names.origin() + ".");
        } catch (InvalidNameException | IOException e) {
            throw InvalidContentException.content(content, "the origin is too long for a name below it");
        }
    }

    /** The text with each {@code @} spelled out: what that is, only the names know. Among octets it is none. */
    private static String resolved(String content, TargetNames names) {
        if (content.indexOf('@') < 0 || OctetsText.isMarked(content)) {
            return content;
        }
        List<String> words = new ArrayList<>();
        for (Token word : ContentTokens.split(content)) {
            boolean isZone = !word.quoted() && word.raw().equals("@");
            words.add(isZone ? names.read("@") + "." : word.quoted() ? '"' + word.raw() + '"' : word.raw());
        }
        return String.join(" ", words);
    }

    /** All of dnsjava's work is done inside: some bad values it notices only when it writes them. */
    private static Record read(int code, String content, Name origin) {
        try {
            Record read = Record.fromString(Name.root, code, DClass.IN, 0, content, origin);
            read.rdataToWireCanonical();
            return read;
        } catch (IOException | RuntimeException e) {
            throw InvalidContentException.content(content, rule(code, e));
        }
    }

    private static String rule(int code, Exception e) {
        String said = e instanceof IOException ? String.valueOf(e.getMessage()) : "";
        boolean hasSpelling = !TypeMnemonics.of(code).startsWith("TYPE") && !said.contains("unknown RR encoding");
        String reason = said.isEmpty() || !hasSpelling
                ? ""
                : ": " + said.substring(said.lastIndexOf(": ") + 1).strip();
        return "expected " + (hasSpelling ? "data of type " + TypeMnemonics.of(code) + ", or " : "")
                + OctetsText.EXPECTED + reason;
    }

    /** As dnsjava prints it, where it reads that again. */
    private String text(Record read, Rdata octets) {
        if (!(read instanceof UNKRecord)) {
            try {
                String printed = read.rdataToString();
                Record again = read(code, printed, Name.root);
                if (!printed.isBlank() && Rdata.of(again.rdataToWireCanonical()).equals(octets)) {
                    return printed;
                }
            } catch (InvalidContentException e) {
                return OctetsText.of(octets);
            }
        }
        return OctetsText.of(octets);
    }
}
