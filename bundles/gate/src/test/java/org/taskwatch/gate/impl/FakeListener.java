// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// A kernel with calls of x86-64 that a test has made. Safe for all threads.
final class FakeListener implements Listener {
    static final int X86_64 = 0xC000003E;
    static final int CLONE = 56;
    static final int FORK = 57;
    static final int GETPID = 39;
    static final long FLAGS = 0x1200011; // of the fork of glibc

    private final Queue<Notification> waiting = new ArrayDeque<>();
    private final Set<Long> received = new HashSet<>();
    private final Set<Long> killed = new HashSet<>();
    private final List<String> answers = new ArrayList<>();
    private final List<String> misuses = new ArrayList<>();
    private final AtomicLong lastId = new AtomicLong();
    private boolean isHungUp;
    private boolean isWoken;
    private boolean isClosed;
    private boolean isReceiving;
    private boolean isStolen;
    private boolean isBlocked;

    /// A thread forks.
    ///
    /// @return the id of its call
    long fork(int tid) {
        return call(tid, CLONE, FLAGS);
    }

    synchronized long call(int tid, int number, long argument) {
        long id = lastId.incrementAndGet();
        waiting.add(new Notification(id, tid, number, X86_64, 0x1000, argument));
        notifyAll();
        return id;
    }

    /// Who waits with a call that was received is killed.
    synchronized void kill(long id) {
        killed.add(id);
    }

    /// Another process receives the calls first, or does so no more.
    synchronized void steal(boolean is) {
        isStolen = is;
        notifyAll();
    }

    /// {@return whether somebody waits to receive a call that was stolen}
    synchronized boolean isBlocked() {
        return isBlocked;
    }

    /// All tasks have gone.
    synchronized void hangUp() {
        isHungUp = true;
        notifyAll();
    }

    /// The server stops.
    synchronized void wake() {
        isWoken = true;
        notifyAll();
    }

    /// {@return what was answered in vain or not: `1 allowed`, `2 refused 11`, `3 gone`}
    synchronized List<String> answers() {
        return List.copyOf(answers);
    }

    /// {@return what must never happen}
    synchronized List<String> misuses() {
        return List.copyOf(misuses);
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    @Override
    public synchronized int await() {
        check(!isReceiving, "two threads receive");
        check(!isClosed, "waits after the close");
        isReceiving = true;
        try {
            while (waiting.isEmpty() && !isHungUp && !isWoken) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        isReceiving = false;
        return (waiting.isEmpty() ? 0 : SeccompListener.READABLE)
                | (isHungUp ? SeccompListener.HANG_UP : 0)
                | (isWoken ? SeccompListener.WOKEN : 0);
    }

    @Override
    public synchronized @Nullable Notification receive() {
        check(!isClosed, "receives after the close");
        isBlocked = isStolen;
        notifyAll();
        try {
            while (isStolen) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Notification call = waiting.remove();
        received.add(call.id());
        return call;
    }

    @Override
    public boolean proceed(long id) {
        return answer(id, id + " allowed");
    }

    @Override
    public boolean refuse(long id, int errno) {
        return answer(id, id + " refused " + errno);
    }

    private synchronized boolean answer(long id, String answer) {
        check(!isClosed, "answers after the close");
        check(received.remove(id), "answers twice, or what was not received");
        boolean isThere = !killed.contains(id);
        answers.add(isThere ? answer : id + " gone");
        notifyAll();
        return isThere;
    }

    private void check(boolean isRight, String misuse) {
        if (!isRight) {
            misuses.add(misuse);
        }
    }

    @Override
    public synchronized void close() {
        check(!isClosed, "closed twice");
        check(received.isEmpty(), "closed with calls that were received and not answered");
        isClosed = true;
    }
}
