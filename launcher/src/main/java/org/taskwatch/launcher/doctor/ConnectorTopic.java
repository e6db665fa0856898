// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.BpfInstruction;
import org.taskwatch.linux.DatagramBatch;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.connector.ProcMessage;
import org.taskwatch.linux.connector.Subscription;

import java.util.List;

/// Whether the kernel sends its events to this process: asks for them, waits for the answer, and takes that back.
record ConnectorTopic() implements Topic {
    private static final int EPROTONOSUPPORT = 93; // asm-generic/errno.h
    private static final int CAPACITY = 16;
    private static final int SLOT_BYTES = 80; // a multiple of 8, at least ProcMessage.BYTES

    /// Answers alone: no storm of events may push them out of the socket.
    private static final List<BpfInstruction> FILTER =
            List.of(
                    BpfInstruction.load(ProcMessage.WHAT),
                    BpfInstruction.ifEqual(ProcMessage.WHAT_NONE, 0, 1),
                    BpfInstruction.accept(),
                    BpfInstruction.drop());

    @Override
    public String name() {
        return "connector";
    }

    @Override
    public Role role() {
        return Role.SOURCE;
    }

    @Override
    public Finding examine() {
        try (NetlinkSocket socket =
                NetlinkSocket.open(NetlinkSocket.CONNECTOR, ProcMessage.GROUPS)) {
            socket.attachFilter(FILTER);
            return isAnswered(socket)
                    ? Finding.ok("the proc connector answers")
                    : Finding.no("the proc connector " + Subscription.NO_ANSWER);
        } catch (LinuxException e) {
            return Finding.no(e.getMessage() + advice(e.errno()));
        }
    }

    private static boolean isAnswered(NetlinkSocket socket) throws LinuxException {
        Subscription subscription = new Subscription(socket);
        try (DatagramBatch batch = new DatagramBatch(CAPACITY, SLOT_BYTES)) {
            subscription.begin();
            return subscription.awaitAnswer(() -> hasAnswer(socket, batch, subscription));
        } finally {
            subscription.end();
        }
    }

    private static boolean hasAnswer(
            NetlinkSocket socket, DatagramBatch batch, Subscription subscription)
            throws LinuxException {
        int count = socket.receive(batch, 0, CAPACITY);
        for (int i = 0; i < count; i++) {
            int at = batch.offset(i);
            boolean isWhole = batch.sender(i) == 0 && batch.length(i) >= ProcMessage.BYTES;
            if (isWhole
                    && batch.datagrams().getInt(at + ProcMessage.WHAT) == ProcMessage.WHAT_NONE
                    && subscription.isAnsweredBy(batch.datagrams().getInt(at + ProcMessage.ACK))) {
                int errno = batch.datagrams().getInt(at + ProcMessage.ERROR);
                if (errno != 0) {
                    throw new LinuxException("asking the proc connector for events", errno);
                }
                return true;
            }
        }
        return false;
    }

    private static String advice(int errno) {
        return switch (errno) {
            case LinuxException.EPERM ->
                    "; before Linux 6.6 that needs root, or CAP_NET_ADMIN, in the first user"
                            + " namespace";
            case LinuxException.ECONNREFUSED ->
                    "; the proc connector is in the first network namespace only: run the container"
                            + " with --network=host";
            case EPROTONOSUPPORT -> "; the kernel was built without CONFIG_CONNECTOR";
            default -> "";
        };
    }
}
