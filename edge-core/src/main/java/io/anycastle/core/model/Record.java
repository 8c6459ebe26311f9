package io.anycastle.core.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A row of the DNS table, checked and in its stored form. Immutable.
 *
 * <p>A node holds millions: ids and times are numbers inside, times are kept to the microsecond, and the content of an address record is
 * written out when somebody asks for it.
 */
public final class Record {
    private final long idHigh;
    private final long idLow;
    private final long createdMicros;
    private final long modifiedMicros;
    private final DomainName name;
    private final @Nullable String content;
    private final String comment;
    private final List<String> tags;
    private final byte[] rdata;
    private final RecordAdditions additions;
    private final int priority;
    private final int ttl;
    private final short type;
    private final byte switches;

    /**
     * @param id 32 lower-case hex digits
     * @param content the presentation form as the API answers it: targets without final dot, TXT quoted
     * @param priority of MX, SRV and URI
     * @param comment empty when there is none
     * @param tags each {@code name:value}
     * @param rdata what the record answers when it answers for itself; for MX and the like the priority is in it
     * @throws IllegalArgumentException when the id is none
     */
    public Record(
            String id,
            DomainName name,
            RecordType type,
            String content,
            OptionalInt priority,
            Ttl ttl,
            boolean proxied,
            RecordSettings settings,
            String comment,
            List<String> tags,
            Instant createdOn,
            Instant modifiedOn,
            Rdata rdata) {
        RecordRow row = new RecordRow().id(id);
        row.priority = priority.orElse(RecordRow.NO_PRIORITY);
        row.data(type, content, rdata.shared()).switches(proxied, settings).settle();
        idHigh = row.idHigh;
        idLow = row.idLow;
        createdMicros = micros(createdOn);
        modifiedMicros = micros(modifiedOn);
        this.name = name;
        this.content = row.content;
        this.comment = comment;
        this.tags = List.copyOf(tags);
        this.rdata = row.rdata;
        additions = RecordAdditions.of(settings.origin(), UnknownFields.NONE);
        this.priority = row.priority;
        this.ttl = ttl.seconds();
        this.type = (short) type.code();
        switches = (byte) row.switches;
    }

    /** The record of that name that a row holds. */
    public Record(DomainName name, RecordRow row) {
        row.settle();
        this.name = name;
        idHigh = row.idHigh;
        idLow = row.idLow;
        createdMicros = row.createdMicros;
        modifiedMicros = row.modifiedMicros;
        content = row.content;
        comment = row.comment;
        tags = List.copyOf(row.tags);
        rdata = row.rdata;
        additions = RecordAdditions.of(row.origin, row.unknown);
        priority = row.priority;
        ttl = row.ttlSeconds;
        type = (short) row.type.code();
        switches = (byte) row.switches;
    }

    private static long micros(Instant time) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, time);
        } catch (ArithmeticException e) {
            throw new DateTimeException("the time " + time + " is out of range", e);
        }
    }

    /** The fields in their packed form; the caller does not write to the rdata. */
    public RecordRow row() {
        RecordRow row = new RecordRow();
        row.idHigh = idHigh;
        row.idLow = idLow;
        row.createdMicros = createdMicros;
        row.modifiedMicros = modifiedMicros;
        row.content = content;
        row.comment = comment;
        row.tags = tags;
        row.rdata = rdata;
        row.origin = additions.origin();
        row.unknown = additions.unknown();
        row.priority = priority;
        row.ttlSeconds = ttl;
        row.type = type();
        row.switches = switches;
        return row;
    }

    /** The same record under another id. */
    public Record withId(String other) {
        return new Record(name, row().id(other));
    }

    /** The same record with what a newer version has added to another one. */
    public Record withUnknown(UnknownFields fields) {
        RecordRow row = row();
        row.unknown = fields;
        return new Record(name, row);
    }

    /** 32 lower-case hex digits. */
    public String id() {
        return RecordRow.id(idHigh, idLow);
    }

    /** Whether the ids are equal. */
    public boolean hasIdOf(Record other) {
        return idHigh == other.idHigh && idLow == other.idLow;
    }

    long idHigh() {
        return idHigh;
    }

    long idLow() {
        return idLow;
    }

    public DomainName name() {
        return name;
    }

    public RecordType type() {
        return RecordType.known(type & 0xffff);
    }

    /** The presentation form as the API answers it. */
    public String content() {
        return content == null ? AddressText.of(rdata) : content;
    }

    /** Of MX, SRV and URI. */
    public OptionalInt priority() {
        return priority == RecordRow.NO_PRIORITY ? OptionalInt.empty() : OptionalInt.of(priority);
    }

    public Ttl ttl() {
        return ttl == Ttl.AUTO.seconds() ? Ttl.AUTO : new Ttl(ttl);
    }

    public boolean proxied() {
        return has(RecordRow.PROXIED);
    }

    public RecordSettings settings() {
        int settings = switches & ~RecordRow.PROXIED;
        return settings == 0 && origin().isEmpty()
                ? RecordSettings.NONE
                : new RecordSettings(
                        has(RecordRow.IPV4_ONLY), has(RecordRow.IPV6_ONLY), has(RecordRow.FLATTEN_CNAME), origin());
    }

    /** How the origin is asked, as far as it is said for the record itself. */
    public OriginSettings origin() {
        return additions.origin();
    }

    private boolean has(int bit) {
        return (switches & bit) != 0;
    }

    /** Empty when there is none. */
    public String comment() {
        return comment;
    }

    /** Each {@code name:value}. */
    public List<String> tags() {
        return tags;
    }

    public Instant createdOn() {
        return Instant.EPOCH.plus(createdMicros, ChronoUnit.MICROS);
    }

    public Instant modifiedOn() {
        return Instant.EPOCH.plus(modifiedMicros, ChronoUnit.MICROS);
    }

    /** What the record answers when it answers for itself. */
    public Rdata rdata() {
        return Rdata.sharing(rdata);
    }

    /** What a newer version has added. */
    public UnknownFields unknown() {
        return additions.unknown();
    }

    /** What few records have, as fields by name, in which form it is stored. */
    public UnknownFields addedFields() {
        return additions.fields();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Record record
                && hasIdOf(record)
                && createdMicros == record.createdMicros
                && modifiedMicros == record.modifiedMicros
                && priority == record.priority
                && ttl == record.ttl
                && type == record.type
                && switches == record.switches
                && name.equals(record.name)
                && Objects.equals(content, record.content)
                && Arrays.equals(rdata, record.rdata)
                && comment.equals(record.comment)
                && tags.equals(record.tags)
                && additions.equals(record.additions);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(idHigh ^ idLow);
    }

    @Override
    public String toString() {
        return name + " " + ttl + " " + type() + " " + content() + " (" + id() + ")";
    }
}
