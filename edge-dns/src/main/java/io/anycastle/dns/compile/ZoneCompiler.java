package io.anycastle.dns.compile;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.ViewChange;
import io.anycastle.core.view.ViewListener;
import io.anycastle.dns.AnswerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the answer table equal to the view: each change set compiles the names that it names, and what the zone's names share.
 */
public final class ZoneCompiler implements ViewListener {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneCompiler.class);

    private final AnswerTable table;
    private final AnswerConfig config;
    private final TableWriter writer;
    private static final MailHosts NO_MAIL = new MailHosts(DomainName.ROOT, Map.of());

    private final NameCompiler names;

    /** As they are compiled last; of the view's writer alone, like what follows. */
    private final Map<DomainName, ZoneState> zones = new HashMap<>();

    /** Of the zones that have any. */
    private final Map<DomainName, MailHosts> mail = new HashMap<>();

    /** Begun and not committed, because compiling it failed while the view went on; it is made up for with the next change. */
    private List<ViewChange> pending = List.of();

    public ZoneCompiler(AnswerTable table, AnswerConfig config) {
        this(table, config, new ExternalTargets());
    }

    /** @param outside takes the names that CNAMEs lead to beyond their zones */
    public ZoneCompiler(AnswerTable table, AnswerConfig config, ExternalTargets outside) {
        this(table, config, outside, new UnhealthyAddresses());
    }

    /** @param unhealthy addresses that are not answered although records have them; whoever changes them has the names compiled anew */
    public ZoneCompiler(AnswerTable table, AnswerConfig config, ExternalTargets outside, UnhealthyAddresses unhealthy) {
        this.table = table;
        this.config = config;
        names = new NameCompiler(config, outside, unhealthy);
        table.compiler(names);
        writer = new TableWriter(table);
    }

    @Override
    public Runnable prepare(ViewChange change) {
        return prepare(List.of(change));
    }

    /** The same for changes of several zones that readers see at once, compiled in that order. */
    Runnable prepare(List<ViewChange> changes) {
        writer.begin();
        List<ViewChange> all = new ArrayList<>(pending);
        all.addAll(changes);
        pending = List.copyOf(all);
        pending.forEach(this::compile);
        return this::commit;
    }

    @Override
    public Runnable prepare(Account account) {
        return () -> table.dnsOnly(account.dnsOnly());
    }

    private void commit() {
        writer.commit();
        pending = List.of();
    }

    private void compile(ViewChange change) {
        change.after().ifPresentOrElse(zone -> zones.put(change.zone(), zone), () -> zones.remove(change.zone()));
        compile(change, followMail(change));
        Optional<DomainName> above =
                mail.isEmpty() ? Optional.empty() : change.zone().parent();
        while (above.isPresent()) {
            leadMail(above.get(), change);
            above = above.get().parent();
        }
    }

    /** What a zone names hosts after a change of another below it, which some of them may lie in. */
    private void leadMail(DomainName above, ViewChange change) {
        MailHosts known = mail.get(above);
        Optional<ZoneState> zone = Optional.ofNullable(zones.get(above));
        if (known != null && zone.isPresent()) {
            MailHosts.Changes hosts = known.follow(zone.get(), change);
            if (!hosts.isEmpty()) {
                compile(new ViewChange(above, zone, zone, Set.of()), hosts);
            }
        }
    }

    private void compile(ViewChange change, MailHosts.Changes hosts) {
        Node apex = change.after().isPresent() && change.before().isEmpty() && writer.isNew(change.zone())
                ? fill(change.zone(), change.after().get())
                : change(change, hosts.owners());
        hosts.made().forEach((name, addresses) -> putMade(apex, name, addresses));
        writer.showApex(apex, apexAnswers(apex, change, hosts.owners()));
    }

    private Node change(ViewChange change, Set<DomainName> more) {
        Set<DomainName> names = new HashSet<>(change.names());
        names.addAll(more);
        writer.makeRoom(names.size());
        Node apex = writer.apex(change.zone());
        for (DomainName name : names) {
            if (!name.equals(change.zone())) {
                put(apex, change.after(), name);
            }
        }
        return apex;
    }

    private Node fill(DomainName name, ZoneState zone) {
        writer.makeRoom(zone.names().size());
        Node apex = writer.apex(name);
        new ZoneFill(writer, names, apex, name).fill(zone, mail(name));
        return apex;
    }

    private MailHosts mail(DomainName zone) {
        return mail.getOrDefault(zone, NO_MAIL);
    }

    private MailHosts.Changes followMail(ViewChange change) {
        if (!config.leadsMailToOrigin()) {
            return MailHosts.Changes.NONE;
        }
        MailHosts known = mail.get(change.zone());
        if (change.after().isEmpty()) {
            mail.remove(change.zone());
            return known == null ? MailHosts.Changes.NONE : known.leave();
        }
        ZoneState after = change.after().get();
        if (known == null && !MailHosts.concerns(after, change.names())) {
            return MailHosts.Changes.NONE;
        }
        MailHosts hosts = known != null ? known : new MailHosts(change.zone(), zones);
        MailHosts.Changes changes = hosts.follow(after, change.names());
        if (hosts.isEmpty()) {
            mail.remove(change.zone());
        } else {
            mail.put(change.zone(), hosts);
        }
        return changes;
    }

    private void putMade(Node apex, DomainName name, List<Record> addresses) {
        writer.makeRoom(1);
        writer.put(apex, name, addresses.isEmpty() ? null : names.addresses(name, addresses));
    }

    /** A record that no answer can be made of is one name's harm: it stays as it was, the rest of the change is answered. */
    private void put(Node apex, Optional<ZoneState> state, DomainName name) {
        try {
            Optional<NameRecords> records = state.flatMap(zone -> zone.at(name));
            writer.put(apex, name, records.isPresent() ? kept(records.get(), state.orElseThrow()) : null);
        } catch (RuntimeException e) {
            LOG.error("the records of {} cannot be answered", name, e);
        }
    }

    private Object kept(NameRecords records, ZoneState in) {
        DomainName zone = in.zone().name();
        return names.kept(records, zone, mail(zone));
    }

    private NameAnswers apexAnswers(Node apex, ViewChange change, Set<DomainName> more) {
        if (change.after().isEmpty()) {
            return NameAnswers.GONE;
        }
        ZoneState after = change.after().get();
        Optional<NameAnswers> before = writer.shown(apex);
        boolean isSame = !change.names().contains(change.zone()) && !more.contains(change.zone());
        if (before.isPresent() && isSame) {
            return before.get().asApex(shared(before.get().zone(), apex, change, after));
        }
        NameAnswers own = after.at(change.zone())
                .map(records -> names.compile(records, change.zone(), mail(change.zone())))
                .orElse(NameAnswers.EMPTY_NON_TERMINAL);
        return own.asApex(new ZoneAnswers(apex, after, config));
    }

    private ZoneAnswers shared(@Nullable ZoneAnswers known, Node apex, ViewChange change, ZoneState after) {
        boolean isKnown = change.before().filter(was -> isAlike(was, after)).isPresent();
        return known != null && isKnown
                ? known.withSerial(after.zone().serial())
                : new ZoneAnswers(apex, after, config);
    }

    /** Whether what the names of a zone share is the same in both states, the serial apart, where the apex's records are. */
    private static boolean isAlike(ZoneState one, ZoneState other) {
        return one.zone().isProxying() == other.zone().isProxying()
                && one.zone().nameServers().equals(other.zone().nameServers())
                && one.documents().equals(other.documents());
    }
}
