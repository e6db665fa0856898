// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.keep;

import org.jspecify.annotations.Nullable;
import org.taskwatch.control.GateRequest;
import org.taskwatch.linux.Keeper;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.UnixSocket.Peer;
import org.taskwatch.linux.proc.ProcStat;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The folder of the ledgers, `<base>/run/gates`: a file for each kept gate, which has the pid of its keeper as its name.
/// Safe for all threads.
public final class KeptGates {
    private static final System.Logger LOG = System.getLogger(KeptGates.class.getName());

    private final Path folder;

    /// What an earlier instance has left behind: listed before this one keeps any.
    private final List<Path> left;

    /// Makes it.
    ///
    /// @param base the base directory of the instance: at most one instance runs there at a time
    public KeptGates(Path base) {
        folder = base.resolve("run").resolve("gates");
        left = files(folder);
    }

    /// Keeps a gate from now on.
    ///
    /// @param request what the command has asked for
    /// @param peer the command
    /// @param listener its listener, which stays the caller's if this fails
    /// @return the gate
    /// @throws LinuxException as [Keeper#start]
    /// @throws IOException if the ledger can't be written, or the command is gone
    public Kept keep(GateRequest request, Peer peer, SeccompListener listener)
            throws LinuxException, IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        long start = ProcStat.of(peer.pid()).startTicks();
        Keeper keeper = Keeper.start(listener, peer.pid());
        try {
            KeptGate gate =
                    new KeptGate(
                            KeptGate.presentBoot(),
                            keeper.pid(),
                            keeper.startTicks(),
                            peer.pid(),
                            start,
                            peer.uid(),
                            request);
            Path file = folder.resolve(Integer.toString(keeper.pid()));
            return new Kept(Ledger.create(file, gate), keeper, listener);
        } catch (IOException | RuntimeException e) {
            keeper.end();
            keeper.close();
            throw e;
        }
    }

    /// {@return the gates that an earlier instance has left behind} They are the caller's. Of those whose tree has
    /// ended, and of what is no ledger, the files are removed. What can't be taken over now, as for want of descriptors,
    /// stays for the next start. To be called once.
    public List<Kept> takeOver() {
        List<Kept> gates = new ArrayList<>();
        for (Path file : left) {
            try {
                Kept kept = takeOver(file);
                if (kept == null) {
                    Files.delete(file);
                } else {
                    gates.add(kept);
                }
            } catch (IllegalArgumentException e) {
                LOG.log(Level.WARNING, "{0} is no ledger of a gate, and removed: {1}", file, e);
                remove(file);
            } catch (IOException | LinuxException e) {
                LOG.log(
                        Level.ERROR,
                        "the gate of " + file + " is not taken over: its forks wait for a restart",
                        e);
            }
        }
        return gates;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "reading " + folder + " failed: no gate is taken over", e);
            return List.of();
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "removing {0} failed: {1}", file, e);
        }
    }

    /// {@return the gate of a ledger, null if there is none any more}
    private static @Nullable Kept takeOver(Path file) throws IOException, LinuxException {
        if (file.toString().endsWith(Ledger.INCOMPLETE)) {
            return null; // the command was never told that it is gated
        }
        Ledger ledger = Ledger.open(file);
        KeptGate gate = ledger.gate();
        Keeper keeper =
                gate.boot().equals(KeptGate.presentBoot())
                        ? Keeper.find(gate.keeper(), gate.keeperStart())
                        : null;
        if (keeper == null) {
            return null;
        }
        try {
            return new Kept(ledger, keeper, keeper.take());
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.EPERM) {
                keeper.close();
                throw e;
            }
            keeper.end(); // no later start may either, and the tree's forks would wait for ever
            keeper.close();
            LOG.log(Level.ERROR, "the gate of " + file + " can't be taken over, and is closed", e);
            return null;
        }
    }
}
