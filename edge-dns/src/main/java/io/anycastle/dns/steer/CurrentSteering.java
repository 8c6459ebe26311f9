package io.anycastle.dns.steer;

import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.dns.AnswerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steering of this moment. It follows the nodes that serve and the GeoIP file; answering threads read it with one volatile read. What
 * makes it anew works on the thread that tells of the change, never on theirs.
 */
public final class CurrentSteering {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentSteering.class);

    private final Steering anycast;
    private final SteerConfig config;
    private final boolean isFixed;
    private volatile Steering current;

    /** Guarded by this. */
    private List<ServingNode> nodes = List.of();

    private @Nullable GeoPlaces geo;
    private @Nullable Stamp geoStamp;

    /** What tells one file from another in the same place. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) throws IOException {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException e) {
                return MISSING;
            }
        }
    }

    private CurrentSteering(Steering anycast, SteerConfig config, boolean isFixed) {
        this.isFixed = isFixed;
        this.anycast = anycast;
        this.config = config;
        current = anycast;
    }

    /** The edge's anycast addresses, for ever. */
    public static CurrentSteering anycast(AnswerConfig answers) {
        return new CurrentSteering(Steering.anycast(answers), SteerConfig.DEFAULTS, true);
    }

    /**
     * Serving nodes, and this edge's configured addresses as long as none serves. By weight at first; the GeoIP file, which takes a while,
     * is read by the first {@link #checkFile}.
     *
     * @throws UncheckedIOException when the GeoIP file cannot be used; the message says why
     */
    public static CurrentSteering byNodes(AnswerConfig answers, SteerConfig config, ServingNodes nodes) {
        CurrentSteering steering = new CurrentSteering(Steering.anycast(answers), config, false);
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
        steer();
        LOG.info(
                "proxied names answer the addresses of {}",
                next.isEmpty()
                        ? "edge.addresses, since no node serves"
                        : next.stream().map(ServingNode::id).collect(Collectors.joining(", ")));
    }

    private void steer() {
        GeoPlaces places = geo;
        if (nodes.isEmpty()) {
            current = anycast;
        } else {
            current = places == null ? Steering.byWeight(nodes, config) : Steering.nearest(nodes, config, places);
        }
    }

    /** Looks whether the GeoIP file is another now, and takes it; one that cannot be used is told and the last one kept. Blocks. */
    public synchronized void checkFile() {
        try {
            if (load()) {
                steer();
            }
        } catch (IOException e) {
            LOG.error("{}; the last one that could be used stays", e.getMessage());
        }
    }

    private void probe() throws IOException {
        if (config.geoFile().isPresent()) {
            Path file = config.geoFile().get();
            try {
                GeoPlaces.probe(GeoFile.open(file));
            } catch (IOException e) {
                throw unusable(file, e);
            }
        }
    }

    private boolean load() throws IOException {
        Path file = config.geoFile().orElse(null);
        if (file == null) {
            return false;
        }
        Stamp stamp = Stamp.of(file);
        if (stamp.equals(geoStamp)) {
            return false;
        }
        geoStamp = stamp; // also of one that is broken or gone, which is told once
        try {
            GeoPlaces places = GeoPlaces.of(GeoFile.open(file));
            geo = places;
            LOG.info(
                    "GeoIP file {} has {} locations ({})",
                    file,
                    places.size(),
                    places.file().type());
            return true;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static IOException unusable(Path file, IOException e) {
        String why = e instanceof NoSuchFileException ? "it is not there" : String.valueOf(e.getMessage());
        return new IOException("the GeoIP file " + file + " cannot be used: " + why, e);
    }
}
