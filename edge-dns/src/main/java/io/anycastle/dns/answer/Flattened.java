package io.anycastle.dns.answer;

import io.anycastle.core.view.CnameFlattening;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.Elsewhere.Alias;
import io.anycastle.dns.compile.Elsewhere.Redirection;
import io.anycastle.dns.compile.ExternalTarget;
import io.anycastle.dns.compile.ExternalTarget.Learnt;
import io.anycastle.dns.compile.NameAnswers;
import io.anycastle.dns.compile.NameAnswers.Proxying;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.compile.ZoneAnswers;
import io.anycastle.dns.wire.WireName;
import org.jspecify.annotations.Nullable;

/**
 * Goes from a flattened CNAME to the addresses at its end, writing nothing of what lies between: through our own zones as they are now,
 * beyond them to what the background has learnt last. Allocates nothing. One instance per thread: its fields are scratch space.
 */
final class Flattened {
    /** What is answered at most for an address whose own time is up, while a newer one is being learnt (RFC 8767 section 4). */
    private static final int STALE_SECONDS = 30;

    private final AnswerTable.Reader table;
    private final Search search;
    private final WireName target = new WireName();
    private @Nullable RrSet found;
    private NameAnswers edge = NameAnswers.EMPTY_NON_TERMINAL;
    private int ttlSeconds;

    /** How the way ended. */
    enum End {
        /** At addresses. */
        FOUND,
        /** At a proxied name. */
        EDGE,
        /** At a name without such addresses, or at no name. */
        NONE,
        /** Outside, at a name of which nothing was ever learnt. */
        UNKNOWN,
        /**
         * At a part of our zone that others answer for, or led out of it by a DNAME, or at no end: in a circle, or over more aliases than
         * are followed. A CNAME that may be seen is shown as it is.
         */
        SHOWN
    }

    /** @param search this instance's own: the answerer's must go on standing at the question */
    Flattened(AnswerTable.Reader table, Search search) {
        this.table = table;
        this.search = search;
    }

    End find(Alias first, int type) {
        Alias alias = first;
        ttlSeconds = alias.ttlSeconds();
        target.set(alias.target());
        boolean isRedirected = false;
        for (int i = 0; i < CnameFlattening.ALIASES_MAX; i++) {
            NameAnswers at = search.run(target, type);
            ZoneAnswers zone = search.zone();
            if (zone != null && search.passed() instanceof Redirection redirection) {
                ttlSeconds = Math.min(ttlSeconds, redirection.ttlSeconds());
                if (!target.substitute(target, search.passedLabel(), redirection.target())) {
                    return End.UNKNOWN;
                }
                isRedirected = true;
                continue;
            }
            if (zone == null || search.passed() != null) {
                boolean isShown = isRedirected || (alias.isWithin() && !alias.isHidden());
                return isShown && !first.isHidden() ? End.SHOWN : outside(alias.outside(), type);
            }
            if (at == null) {
                return End.NONE;
            }
            if (at.proxying() != Proxying.NO && table.isProxying(zone)) {
                edge = at;
                return End.EDGE;
            }
            found = at.set(type);
            if (found != null) {
                return End.FOUND;
            }
            if (!(at.elsewhere() instanceof Alias next)) {
                return End.NONE;
            }
            alias = next;
            isRedirected = false;
            ttlSeconds = Math.min(ttlSeconds, alias.ttlSeconds());
            target.set(alias.target());
        }
        return End.SHOWN;
    }

    /** What was learnt of the last CNAME's target, to which a DNAME of ours may have led from there. */
    private End outside(@Nullable ExternalTarget name, int type) {
        if (name == null) {
            return End.SHOWN;
        }
        Learnt learnt = name.learnt(type);
        if (learnt == null) {
            name.miss();
            return End.UNKNOWN;
        }
        found = learnt.addresses();
        long left = Math.ceilDiv(learnt.untilMillis() - table.nowMillis(), 1000L);
        long own = Math.min(learnt.ttlSeconds(), left > 0 ? left : STALE_SECONDS);
        ttlSeconds = (int) Math.min(ttlSeconds, own);
        return found == null ? End.NONE : End.FOUND;
    }

    /** The addresses that the last way ended at. */
    @Nullable
    RrSet found() {
        return found;
    }

    /** The proxied name that the last way ended at. */
    NameAnswers edge() {
        return edge;
    }

    /** The longest TTL that the last way allows. */
    int ttlSeconds() {
        return ttlSeconds;
    }
}
