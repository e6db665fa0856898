// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Netlink sockets, on the kernel that runs the test: NETLINK_ROUTE is in each and for every user.
public class NetlinkSocketTest {
    private static final int NETLINK_ROUTE = 0;
    private static final int RTM_GETLINK = 18;
    private static final int DUMP_REQUEST = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private static final int SEQUENCE = 8; // struct nlmsghdr
    private static final int PORT = 12;
    private static final int BATCH = 4;
    private static final int REQUEST_BYTES = 32; // nlmsghdr and struct ifinfomsg

    @Test
    public void shouldReceiveTheAnswerOfTheKernelInABatch() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
                DatagramBatch batch = new DatagramBatch(BATCH, 32 * 1024)) {
            assertThat(socket.receive(batch, 0, BATCH)).isZero();
            socket.send(dumpOfLinks());
            int count = socket.receive(batch, 0, BATCH); // the kernel answers within the send

            assertThat(count).isBetween(1, BATCH);
            assertThat(batch.sender(0)).isZero();
            assertThat(batch.length(0)).isGreaterThanOrEqualTo(REQUEST_BYTES);
            assertThat(batch.datagrams().getInt(batch.offset(0))).isPositive();
        }
    }

    @Test
    public void shouldCountWhatTheSocketHolds() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0)) {
            socket.setReceiveBuffer(64 * 1024);
            assertThat(socket.memoryInfo().receiveBuffer()).isEqualTo(128 * 1024);
            socket.send(dumpOfLinks());

            assertThat(socket.memoryInfo().queuedBytes()).isPositive();
            assertThat(socket.memoryInfo().drops()).isZero();
        }
    }

    @Test
    public void shouldReceiveOnlyWhatTheFilterAcceptsWithoutCountingTheRest() throws Exception {
        boolean isSwapped = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
                DatagramBatch batch = new DatagramBatch(BATCH, 32 * 1024)) {
            socket.attachFilter(
                    List.of(
                            BpfInstruction.load(SEQUENCE),
                            BpfInstruction.ifEqual(isSwapped ? Integer.reverseBytes(7) : 7, 0, 1),
                            BpfInstruction.accept(),
                            BpfInstruction.drop()));
            socket.send(dumpOfLinks(8));
            assertThat(socket.receive(batch, 0, BATCH)).isZero();
            assertThat(socket.memoryInfo().drops()).isZero();
            socket.send(dumpOfLinks(7));
            assertThat(socket.receive(batch, 0, BATCH)).isPositive();
            assertThat(batch.datagrams().getInt(batch.offset(0) + SEQUENCE)).isEqualTo(7);

            socket.detachFilter();
            socket.send(dumpOfLinks(8));
            assertThat(socket.receive(batch, 0, BATCH)).isPositive();
        }
    }

    @Test
    public void shouldFilterByTwoNumbersOfTheDatagram() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
                DatagramBatch batch = new DatagramBatch(BATCH, 32 * 1024)) {
            socket.attachFilter(
                    List.of(
                            BpfInstruction.load(SEQUENCE),
                            BpfInstruction.copyToIndex(),
                            BpfInstruction.load(PORT),
                            BpfInstruction.ifEqualToIndex(1, 0),
                            BpfInstruction.accept(),
                            BpfInstruction.drop()));
            socket.send(dumpOfLinks(0));
            int count = socket.receive(batch, 0, BATCH);
            assertThat(count).isPositive();
            int port = batch.datagrams().getInt(batch.offset(0) + PORT);

            socket.send(dumpOfLinks(port));

            assertThat(socket.receive(batch, 0, BATCH)).isZero();
        }
    }

    @Test
    public void shouldPutDatagramsWhereTheCallerWants() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
                DatagramBatch batch = new DatagramBatch(BATCH, 32 * 1024)) {
            socket.send(dumpOfLinks(7));

            assertThat(socket.receive(batch, 2, 1)).isOne();

            assertThat(batch.offset(2)).isEqualTo(2 * 32 * 1024);
            assertThat(batch.datagrams().getInt(batch.offset(2) + SEQUENCE)).isEqualTo(7);
            assertThat(batch.length(2)).isGreaterThanOrEqualTo(16);
            assertThat(batch.length(0)).isZero();
        }
    }

    @Test
    public void shouldCutADatagramThatIsLongerThanItsPlace() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
                DatagramBatch batch = new DatagramBatch(1, 16)) {
            socket.send(dumpOfLinks(7));

            assertThat(socket.receive(batch, 0, 1)).isOne();
            assertThat(batch.length(0)).isEqualTo(16);
            assertThat(batch.datagrams().capacity()).isEqualTo(16);
        }
    }

    @Test
    public void shouldRefuseUseAfterClose() throws Exception {
        NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
        DatagramBatch batch = new DatagramBatch(1, 16);
        batch.close();
        batch.close();
        socket.close();

        assertThatThrownBy(socket::memoryInfo).hasMessage("already closed: NetlinkSocket");
        assertThatThrownBy(() -> batch.length(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    public void shouldRefuseAProgramThatDoesNotEndAndDetachingNone() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0)) {
            assertThatThrownBy(() -> socket.attachFilter(List.of(BpfInstruction.load(0))))
                    .hasMessage("setsockopt SO_ATTACH_FILTER failed: EINVAL");
            assertThatThrownBy(socket::detachFilter)
                    .hasMessage("setsockopt SO_DETACH_FILTER failed: ENOENT");
        }
    }

    @Test
    public void shouldNameTheErrnoOfAProtocolThatIsNotThere() {
        assertThatThrownBy(() -> NetlinkSocket.open(31, 0))
                .isInstanceOf(LinuxException.class)
                .hasMessage("socket of netlink protocol 31 failed: EPROTONOSUPPORT");
    }

    private static byte[] dumpOfLinks() {
        return dumpOfLinks(0);
    }

    private static byte[] dumpOfLinks(int sequence) {
        ByteBuffer message = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
        message.putInt(REQUEST_BYTES).putShort((short) RTM_GETLINK).putShort((short) DUMP_REQUEST);
        message.putInt(sequence);
        return message.array();
    }
}
