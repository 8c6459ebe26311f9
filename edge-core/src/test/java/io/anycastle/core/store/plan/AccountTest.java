package io.anycastle.core.store.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.view.HostTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountTest {
    private static final Edit DNS_ONLY = new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty());

    @TempDir
    Path folder;

    @Test
    void documents_are_stored_with_the_account_and_survive_a_restart() {
        try (ClusteredStore store = Stores.open(folder)) {
            assertThat(store.view().get().account()).isEqualTo(Account.EMPTY);
            Stores.applied(store.apply(ChangeSet.of(
                    Account.ZONE, new Edit.PutDocument("a", "{\"x\":1}"), new Edit.PutDocument("b", "[]"))));
            Stores.applied(store.apply(
                    ChangeSet.of(Account.ZONE, new Edit.DeleteDocument("b"), new Edit.PutDocument("a", "{\"x\":2}"))));
            assertThat(store.view().get().zones()).isEmpty();
            assertThat(store.status().zones()).isZero();
        }
        try (ClusteredStore store = Stores.open(folder)) {
            Account account = store.view().get().account();
            assertThat(account.document("a")).contains("{\"x\":2}");
            assertThat(account.document("b")).isEmpty();
            assertThat(store.view().get().zones()).isEmpty();
        }
    }

    @Test
    void one_switch_takes_every_zone_off_the_proxy_and_back() {
        DomainName host = DomainName.of("www.example.com");
        try (ClusteredStore store = Stores.open(folder)) {
            Stores.applied(store.apply(Stores.newZone()));
            Stores.applied(store.apply(ChangeSet.of(Stores.ZONE, new Edit.CreateRecord(proxied("www")))));
            assertThat(HostTable.find(store.view().get(), host)).isInstanceOf(HostTable.Lookup.Routed.class);
            Stores.applied(store.apply(ChangeSet.of(Account.ZONE, DNS_ONLY)));
            assertThat(HostTable.find(store.view().get(), host)).isInstanceOf(HostTable.Lookup.ZoneNotProxying.class);
            assertThat(Stores.zone(store).zone().paused()).isFalse();
            Edit back = new Edit.ChangeZone(Optional.empty(), Optional.of(false), Optional.empty());
            Stores.applied(store.apply(ChangeSet.of(Account.ZONE, back)));
            assertThat(HostTable.find(store.view().get(), host)).isInstanceOf(HostTable.Lookup.Routed.class);
        }
    }

    @Test
    void nobody_may_have_a_zone_of_the_reserved_name() {
        try (ClusteredStore store = Stores.open(folder)) {
            for (DomainName name : List.of(Account.ZONE, DomainName.of("x.account.anycastle.invalid"))) {
                assertThat(store.apply(ChangeSet.of(name, new Edit.CreateZone(ZoneType.FULL, List.of()))))
                        .isInstanceOf(ChangeOutcome.Invalid.class);
            }
            assertThat(store.apply(ChangeSet.of(Account.ZONE, new Edit.CreateRecord(proxied("www")))))
                    .isInstanceOf(ChangeOutcome.Invalid.class);
            assertThat(store.apply(ChangeSet.of(Account.ZONE, new Edit.DeleteZone())))
                    .isInstanceOf(ChangeOutcome.Invalid.class);
        }
    }

    private static RecordDraft proxied(String name) {
        RecordDraft plain = RecordDraft.of(name, "A", "192.0.2.1");
        return new RecordDraft(
                plain.name(),
                plain.type(),
                plain.content(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
