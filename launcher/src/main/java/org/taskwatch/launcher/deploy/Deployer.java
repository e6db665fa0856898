// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.taskwatch.launcher.failure.ErrorHandler;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.source.Compiler;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps the deployed bundles like the jars and sources of the deploy folder: a new file is installed and
/// started, a changed one updated, a deleted one uninstalled.
///
/// One thread looks at the folder, when inotify(7) reports a change and once a second in case
/// it does not, and owns all that is known of the files. Work on a bundle is done by a thread
/// of its own, one at a time for each file: stopping a bundle takes as long as its watchers
/// take to return, and nobody else must wait for them. `docs/adr/0002-own-deployer.md` says why
/// nobody does.
public final class Deployer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Deployer.class.getName());

    /// How long the thread sleeps when all is done, and when a file has yet to settle or a bundle
    /// is being worked on.
    private static final long IDLE_MS = 1000;

    private static final long BUSY_MS = 20;

    /// How many operations on bundles go on at once; each has a thread.
    private static final int MOST_WORKS = 100;

    /// rsync and editors write hidden files before they give them their names.
    private static final String DEPLOYABLE = "[!.]*.{jar,java}";

    private final Path folder;
    private final BundleContext context;
    private final WatchService changes;
    private final FileKind jars = new JarFiles();
    private final FileKind sources;
    private final Thread thread = new Thread(this::watch, "taskwatch-deployer");

    /// The files by path, as a name may have bytes that are no characters. Used by the deployer's
    /// thread only.
    private final Map<Path, DeployedFile> files = new TreeMap<>();

    /// What listing the folder failed with last, null if it did not. Of the deployer's thread.
    private @Nullable String listingFailure;

    /// Counts changes in the set of bundles: what did not resolve is tried again then.
    private final AtomicLong bundleChanges = new AtomicLong();

    private final SynchronousBundleListener bundleListener =
            event -> {
                int changed = BundleEvent.INSTALLED | BundleEvent.UPDATED | BundleEvent.UNINSTALLED;
                if ((event.getType() & changed) != 0) {
                    bundleChanges.incrementAndGet();
                }
            };

    private final CountDownLatch firstPass = new CountDownLatch(1);

    private Deployer(Path folder, BundleContext context, Compiler compiler, WatchService changes) {
        this.folder = folder;
        this.context = context;
        this.changes = changes;
        this.sources = new SourceFiles(folder, context, compiler);
    }

    /// Begins to deploy.
    ///
    /// @param folder where the jars and sources lie
    /// @param context installs bundles
    /// @param compiler compiles sources; it is closed by the caller, behind what is returned
    /// @return what deploys, to be closed before the framework stops
    /// @throws Failure if the folder cannot be watched
    public static Deployer start(Path folder, BundleContext context, Compiler compiler) {
        try {
            WatchService changes = folder.getFileSystem().newWatchService();
            Deployer deployer = new Deployer(folder, context, compiler, changes);
            deployer.register();
            context.addBundleListener(deployer.bundleListener);
            deployer.thread.setDaemon(true);
            deployer.thread.start();
            return deployer;
        } catch (IOException e) {
            throw new Failure(
                    "cannot watch the deploy folder %s: %s; inotify may be short: see /proc/sys/fs/inotify/max_user_instances"
                            .formatted(folder, Failure.reason(e)));
        }
    }

    private void register() throws IOException {
        folder.register(
                changes,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    }

    /// Waits until what lay in the folder at the start has been deployed, or has failed to.
    ///
    /// @param timeoutMs how long to wait
    /// @return whether it has
    /// @throws InterruptedException if the thread is interrupted
    public boolean awaitFirstPass(long timeoutMs) throws InterruptedException {
        return firstPass.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private void watch() {
        try {
            while (true) {
                boolean done = tryPass();
                if (done) {
                    firstPass.countDown();
                }
                WatchKey key = changes.poll(done ? IDLE_MS : BUSY_MS, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    if (!key.reset()) {
                        registerAgain();
                    }
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed");
        }
    }

    /// The folder itself was deleted, and perhaps made anew.
    private void registerAgain() {
        try {
            register();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "the folder is looked at once a second only: " + Failure.reason(e));
        }
    }

    /// As [#pass]. A failure must not end the deploying; while the framework stops it is no news.
    private boolean tryPass() {
        try {
            return pass();
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "the framework is stopping", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the deploy folder could not be looked at", e);
        } catch (Error e) {
            ErrorHandler.handle(e);
        }
        return true;
    }

    /// {@return whether nothing is left to be done}
    private boolean pass() {
        List<Path> listed = list();
        if (listed == null) {
            return true;
        }
        listed.forEach(path -> files.computeIfAbsent(path, this::file));
        boolean done = true;
        long works = works();
        for (DeployedFile file : files.values()) {
            boolean wasBusy = file.busy();
            done &= file.look(bundleChanges.get(), works < MOST_WORKS);
            works += file.busy() && !wasBusy ? 1 : 0;
        }
        boolean quiet = works() == 0;
        files.values().forEach(file -> file.tell(quiet));
        files.values().removeIf(DeployedFile::forgettable);
        return done;
    }

    private long works() {
        return files.values().stream().filter(DeployedFile::busy).count();
    }

    private DeployedFile file(Path path) {
        FileKind kind = SourceFiles.isOne(path) ? sources : jars;
        String name = path.getFileName().toString();
        return new DeployedFile(
                path, kind, new DeployedBundle(context, kind, name, bundleChanges::get));
    }

    /// {@return the jars and sources, null if the folder cannot be read: then all stays as it is}
    private @Nullable List<Path> list() {
        List<Path> listed = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, DEPLOYABLE)) {
            found.forEach(listed::add);
            if (listingFailure != null) {
                registerAgain();
                listingFailure = null;
            }
            return listed;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            String reason = Failure.reason(e);
            if (!reason.equals(listingFailure)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "cannot read the deploy folder, nothing is deployed or undeployed: "
                                + reason);
            }
            listingFailure = reason;
            return null;
        }
    }

    /// Ends the watching. What is being done with a bundle goes on. The listener goes with the
    /// framework, which may have stopped already.
    @Override
    public void close() throws IOException {
        changes.close();
    }
}
