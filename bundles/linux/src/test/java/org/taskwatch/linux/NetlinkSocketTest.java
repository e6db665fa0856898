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
