package io.anycastle.core.model;

import java.util.Optional;

/** The switches of a record that a PATCH names; what is absent stays as it is. */
public record SettingsPatch(Optional<Boolean> ipv4Only, Optional<Boolean> ipv6Only, Optional<Boolean> flattenCname) {
    public static final SettingsPatch NONE = new SettingsPatch(Optional.empty(), Optional.empty(), Optional.empty());

    /** Those switches, the others as they were. */
    public RecordSettings over(RecordSettings old) {
        return new RecordSettings(
                ipv4Only.orElse(old.ipv4Only()),
                ipv6Only.orElse(old.ipv6Only()),
                flattenCname.orElse(old.flattenCname()),
                old.origin());
    }
}
