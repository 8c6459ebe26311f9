package io.anycastle.app.cli;

import java.util.concurrent.CountDownLatch;

/** Keeps the program alive until a signal ends the JVM, and closes what runs before it goes. */
final class UntilStopped {
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean isStopping;

    /** @param running closed by the JVM's shutdown, which SIGTERM and SIGINT start; the exit code is then 143 or 130 */
    UntilStopped(AutoCloseable running) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(running), "stop"));
        } catch (IllegalStateException e) {
            close(running); // the signal came first
        }
    }

    private void close(AutoCloseable running) {
        isStopping = true;
        try {
            running.close();
        } catch (Exception e) {
            System.err.println("edge: not stopped cleanly: " + e.getMessage());
        }
    }

    /** Something to do that may fail. */
    interface Work {
        void run() throws Exception;
    }

    /** Does what a signal may cut short: what fails then is nobody's mistake, and the thread waits for the end of the JVM. */
    void run(Work work) throws Exception {
        try {
            work.run();
        } catch (Exception e) {
            if (!isStopping) {
                throw e;
            }
            await();
        }
    }

    void await() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
