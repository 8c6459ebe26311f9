package io.anycastle.core.model;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * A row of the DNS table, checked and in its stored form.
 *
 * @param id 32 lower-case hex digits
 * @param content the presentation form as the API answers it: targets without final dot, TXT quoted
 * @param priority of MX, SRV, URI, HTTPS and SVCB
 * @param comment empty when there is none
 * @param tags each {@code name:value}
 * @param rdata what the record answers when it answers for itself; for MX and the like the priority is in it
 */
public record Record(
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
    public Record {
        tags = List.copyOf(tags);
    }

    /** The same record under another id. */
    public Record withId(String other) {
        return new Record(
                other,
                name,
                type,
                content,
                priority,
                ttl,
                proxied,
                settings,
                comment,
                tags,
                createdOn,
                modifiedOn,
                rdata);
    }
}
