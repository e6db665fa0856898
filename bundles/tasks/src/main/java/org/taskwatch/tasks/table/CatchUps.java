// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// Lets other threads wait until the table has all that has happened before they have asked. Safe for all
/// threads; [#take] is the pump's.
final class CatchUps {
    private final Runnable whenAsked;

    /// Filled by those who wait, emptied by the pump, and by those who have waited too long.
    private final Queue<CompletableFuture<Boolean>> requests = new ConcurrentLinkedQueue<>();

    /// Makes one.
    ///
    /// @param whenAsked is run by each thread that begins to wait
    CatchUps(Runnable whenAsked) {
        this.whenAsked = whenAsked;
    }

    /// Waits until the table has it.
    ///
    /// @param millis for how long at most
    /// @return whether it does
    boolean await(long millis) {
        CompletableFuture<Boolean> request = new CompletableFuture<>();
        requests.add(request);
        whenAsked.run();
        try {
            return request.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false; // the pump is held up by a watcher, or stopped
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            requests.remove(request);
        }
    }

    /// Answers those who wait.
    ///
    /// @param catchUp reads what has happened until now, and says whether that is all
    void take(BooleanSupplier catchUp) {
        if (requests.isEmpty()) {
            return;
        }
        List<CompletableFuture<Boolean>> asked = List.copyOf(requests);
        boolean isAll = catchUp.getAsBoolean();
        asked.forEach(request -> request.complete(isAll));
    }
}
