// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Tasks by tid, in pages of tids that follow each other: the kernel gives them out in that order, so
/// few pages are in use, and to come and to go costs no memory. Written by the pump thread only, read
/// by all without a lock.
///
/// A page is dropped when it is empty, but for the one that was emptied last: else one short process
/// after the other would make and drop the same page. So after a burst no more is held, and gone through,
/// than tids in use need.
///
/// A reader sees the tasks that are there while it looks; of those that come or go meanwhile it may see
/// each or not. What it sees is complete: a page is published after it was made, a task by the write of its
/// place.
final class TaskPages implements Iterable<LinuxTask> {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int FIRST_PAGES = 64;

    /// Replaced by a longer copy by the pump thread, which alone writes its elements.
    private volatile AtomicReferenceArray<@Nullable Page> pages =
            new AtomicReferenceArray<>(FIRST_PAGES);

    /// Written by the pump thread.
    private volatile int size;

    /// The number of the page that was emptied last, and may be in use again; the pump thread's own.
    private int emptied = -1;

    /// The tasks of so many tids.
    private static final class Page extends AtomicReferenceArray<@Nullable LinuxTask> {
        private static final long serialVersionUID = 1L;

        private int used; // the pump thread's own

        Page() {
            super(PAGE);
        }
    }

    int size() {
        return size;
    }

    /// {@return the task that has a tid, null if none}
    @Nullable LinuxTask get(int tid) {
        Page page = page(pages, tid >>> PAGE_BITS);
        return page == null ? null : page.get(tid & PAGE - 1);
    }

    private static @Nullable Page page(AtomicReferenceArray<@Nullable Page> all, int number) {
        return number < all.length() ? all.get(number) : null;
    }

    /// Puts a task in the place of its tid.
    void put(LinuxTask task) {
        Page page = pageFor(task.tid() >>> PAGE_BITS);
        int place = task.tid() & PAGE - 1;
        if (page.getPlain(place) == null) {
            page.used++;
            size = size + 1; // nobody else writes it
        }
        page.set(place, task);
    }

    private Page pageFor(int number) {
        AtomicReferenceArray<@Nullable Page> all = pages;
        if (number >= all.length()) {
            all = longer(all, number + 1);
            pages = all;
        }
        Page page = all.getPlain(number);
        if (page == null) {
            page = new Page();
            all.set(number, page);
        }
        return page;
    }

    private static AtomicReferenceArray<@Nullable Page> longer(
            AtomicReferenceArray<@Nullable Page> all, int least) {
        AtomicReferenceArray<@Nullable Page> next =
                new AtomicReferenceArray<>(Math.max(least, 2 * all.length()));
        for (int i = 0; i < all.length(); i++) {
            next.setPlain(i, all.getPlain(i));
        }
        return next;
    }

    /// Takes a task out, if it is still the one that has its tid.
    void remove(LinuxTask task) {
        int number = task.tid() >>> PAGE_BITS;
        Page page = page(pages, number);
        if (page == null || page.getPlain(task.tid() & PAGE - 1) != task) {
            return;
        }
        page.set(task.tid() & PAGE - 1, null);
        size = size - 1; // nobody else writes it
        if (--page.used == 0 && number != emptied) {
            drop(emptied);
            emptied = number;
        }
    }

    private void drop(int number) {
        Page page = number < 0 ? null : pages.getPlain(number);
        if (page != null && page.used == 0) {
            pages.set(number, null);
        }
    }

    @Override
    public Iterator<LinuxTask> iterator() {
        return new TidOrder(pages);
    }

    /// Goes through the pages.
    private static final class TidOrder implements Iterator<LinuxTask> {
        private final AtomicReferenceArray<@Nullable Page> all;
        private int tid;
        private @Nullable LinuxTask next;

        TidOrder(AtomicReferenceArray<@Nullable Page> all) {
            this.all = all;
            advance();
        }

        private void advance() {
            next = null;
            while (next == null && tid >>> PAGE_BITS < all.length()) {
                Page page = all.get(tid >>> PAGE_BITS);
                if (page == null) {
                    tid = (tid >>> PAGE_BITS) + 1 << PAGE_BITS;
                } else {
                    next = page.get(tid++ & PAGE - 1);
                }
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public LinuxTask next() {
            LinuxTask task = next;
            if (task == null) {
                throw new NoSuchElementException();
            }
            advance();
            return task;
        }
    }
}
