package io.anycastle.proxy.wire;

import java.io.IOException;
import java.net.Socket;

/** How the two ends of an edge are made: the seam by which the table runs over other wires. */
interface Ends extends AutoCloseable {
    /** A visitor's connection to the edge. */
    Socket visitor() throws IOException;

    /** The edge's next connection to the origin; waits for it. */
    Socket origin() throws IOException;

    /** How many connections the edge has made to the origin. */
    int originConnections();

    @Override
    void close() throws IOException;
}
