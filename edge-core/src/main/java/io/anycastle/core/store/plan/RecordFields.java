package io.anycastle.core.store.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Ttl;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A record's fields as they were read, before it is known whether they come from us or from a stranger. */
public final class RecordFields {
    public Optional<String> id = Optional.empty();
    public String type = "";
    public String content = "";
    public Optional<Integer> priority = Optional.empty();
    public Optional<Integer> ttl = Optional.empty();
    public Optional<Boolean> proxied = Optional.empty();
    public Optional<RecordSettings> settings = Optional.empty();
    public final Map<OriginKey, JsonNode> origin = new EnumMap<>(OriginKey.class);
    public String comment = "";
    public List<String> tags = List.of();
    public Instant createdOn = Instant.EPOCH;
    public Instant modifiedOn = Instant.EPOCH;
    public byte @Nullable [] rdata;

    /** The record that this node, or one like it, has checked and written. */
    Record record(DomainName name) throws IOException {
        if (id.isEmpty() || rdata == null) {
            throw new IOException("a record of " + name + " has no id or rdata");
        }
        RecordType known = RecordType.named(type).orElseThrow(() -> new IOException("unknown record type " + type));
        return new Record(
                id.get(),
                name,
                known,
                content,
                priority.map(OptionalInt::of).orElse(OptionalInt.empty()),
                ttl.filter(t -> t != 1).map(Ttl::new).orElse(Ttl.AUTO),
                proxied.orElse(false),
                settings.orElse(RecordSettings.NONE),
                comment,
                tags,
                createdOn,
                modifiedOn,
                Rdata.of(rdata));
    }

    /** The same as a wish that is still to be checked; id, times and rdata are not the writer's to choose. */
    public RecordDraft draft(DomainName name) {
        return new RecordDraft(
                name + ".",
                type,
                Optional.of(content),
                Map.of(),
                priority,
                ttl,
                proxied,
                settings,
                Optional.of(comment),
                Optional.of(tags),
                new OriginDraft(origin));
    }
}
