package io.anycastle.dns.steer;

import io.anycastle.core.geo.GeoFileWatch;
import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.dns.AnswerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steering of this moment. It follows the nodes that serve and the GeoIP file; answering threads read it with one volatile read.
 *
 * <p>A change of the nodes is answered at once, by weight: whoever tells of it does not wait, and a node that left is answered no more. Which
 * of them are the nearest takes seconds to find out for a database of cities; a thread of its own does that beside it, and what it finds
 * counts unless something newer came meanwhile.
 */
public final class CurrentSteering {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentSteering.class);

    private final Steering anycast;
    private final SteerConfig config;
    private final boolean isFixed;
    private final Executor beside;
    private volatile Steering current;

    /** Guarded by this, as the next two; nobody holds it for longer than it takes to make a steering by weight. */
    private List<ServingNode> nodes = List.of();

    private @Nullable GeoPlaces geo;

    /** Whether the nearest of these nodes by this file are still to be found. */
    private boolean isNearestUnknown;

    /** Held while the file is read. */
    private final Object fileLock = new Object();

    private final @Nullable GeoFileWatch geoFile;

    CurrentSteering(Steering anycast, SteerConfig config, boolean isFixed, Executor beside) {
        this.isFixed = isFixed;
        this.beside = beside;
        this.anycast = anycast;
        this.config = config;
        geoFile = config.geoFile().map(GeoFileWatch::new).orElse(null);
        current = anycast;
    }

    /** The edge's anycast addresses, for ever. */
    public static CurrentSteering anycast(AnswerConfig answers) {
        return new CurrentSteering(Steering.anycast(answers), SteerConfig.DEFAULTS, true, Runnable::run);
    }

    /**
     * Serving nodes, and this edge's configured addresses as long as none serves. By weight at first; the GeoIP file, which takes a while,
     * is read by the first {@link #checkFile}.
     *
     * @throws UncheckedIOException when the GeoIP file cannot be used; the message says why
     */
    public static CurrentSteering byNodes(AnswerConfig answers, SteerConfig config, ServingNodes nodes) {
        return byNodes(answers, config, nodes, oneThread());
    }

    /** There while it has work. */
    private static Executor oneThread() {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("dns-nearest").factory());
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /**
     * The same.
     *
     * @param beside finds the nearest nodes; whoever tells of a change does not wait for it
     */
    static CurrentSteering byNodes(AnswerConfig answers, SteerConfig config, ServingNodes nodes, Executor beside) {
        CurrentSteering steering = new CurrentSteering(Steering.anycast(answers), config, false, beside);
        try {
            steering.probe();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        nodes.follow(steering::changed);
        return steering;
    }

    /** Whether proxied names answer the configured addresses, for ever. */
    public boolean isFixed() {
        return isFixed;
    }

    /** Any thread; constant time. */
    public Steering get() {
        return current;
    }

    /** How often {@link #checkFile} wants to be called, milliseconds; 0 for never. */
    public long checkMs() {
        return config.geoFile().isPresent() ? config.geoCheck().toMillis() : 0;
    }

    private synchronized void changed(List<ServingNode> next) {
        nodes = next;
        current = next.isEmpty() ? anycast : Steering.byWeight(next, config);
        isNearestUnknown = true;
        if (geo != null) {
            beside.execute(this::findNearestBeside);
        }
        LOG.info(
                "proxied names answer the addresses of {}",
                next.isEmpty()
                        ? "edge.addresses, since no node serves"
                        : next.stream().map(ServingNode::id).collect(Collectors.joining(", ")));
    }

    private void findNearestBeside() {
        try {
            findNearest();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "the nearest nodes could not be found; until the next change clients get all of them by weight", e);
        }
    }

    /** Finds out who is nearest to whom, anew if nodes or file change meanwhile. Blocks. */
    private void findNearest() {
        Optional<Search> search = next();
        while (search.isPresent()) {
            publish(search.get(), search.get().steering(config));
            search = next();
        }
    }

    private synchronized Optional<Search> next() {
        GeoPlaces places = geo;
        return places == null || nodes.isEmpty() || !isNearestUnknown
                ? Optional.empty()
                : Optional.of(new Search(nodes, places));
    }

    /** What was found is worth nothing when something newer came meanwhile. */
    private synchronized void publish(Search search, Steering found) {
        if (nodes.equals(search.nodes) && geo == search.places) {
            current = found;
            isNearestUnknown = false;
        }
    }

    /** What the nearest nodes are found by. */
    private record Search(List<ServingNode> nodes, GeoPlaces places) {
        Steering steering(SteerConfig config) {
            return Steering.nearest(nodes, config, places);
        }
    }

    /**
     * Looks whether the GeoIP file is another now, and takes it; one that cannot be used is told and the last one kept. Blocks, but nobody
     * else.
     */
    public void checkFile() {
        synchronized (fileLock) {
            try {
                if (load()) {
                    findNearest();
                }
            } catch (IOException e) {
                LOG.error("{}; the last one that could be used stays", e.getMessage());
            } catch (RuntimeException | Error e) {
                LOG.error("the GeoIP file could not be taken up; the last one that could be used stays", e);
            }
        }
    }

    private void probe() throws IOException {
        if (geoFile != null) {
            geoFile.read(GeoPlaces::probe);
        }
    }

    private boolean load() throws IOException {
        Optional<GeoPlaces> read = geoFile == null ? Optional.empty() : geoFile.readIfOther(GeoPlaces::of);
        if (geoFile == null || read.isEmpty()) {
            return false;
        }
        GeoPlaces places = read.get();
        synchronized (this) {
            geo = places;
            isNearestUnknown = true;
        }
        LOG.info(
                "GeoIP file {} has {} locations ({})",
                geoFile.path(),
                places.size(),
                places.file().type());
        return true;
    }
}
