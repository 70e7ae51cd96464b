package io.tanja.diagnose.status;

/** How far a proxy is with what it was sent. */
public sealed interface Progress {
    /** One word or two for a column. */
    String word();

    /** What there is to say beyond the word, empty if nothing. */
    String detail();

    /** It has accepted all that it was sent. */
    record InStep() implements Progress {
        @Override
        public String word() {
            return "in step";
        }

        @Override
        public String detail() {
            return "";
        }
    }

    /** It has asked for nothing yet, or was sent nothing. */
    record Nothing() implements Progress {
        @Override
        public String word() {
            return "nothing sent";
        }

        @Override
        public String detail() {
            return "";
        }
    }

    /**
     * It has not answered the last response yet.
     *
     * @param type of the resources
     * @param acked what it has accepted, empty if nothing
     * @param sent what it was sent
     */
    record Behind(String type, String acked, String sent) implements Progress {
        @Override
        public String word() {
            return "behind";
        }

        @Override
        public String detail() {
            return type + ": has " + (acked.isEmpty() ? "nothing" : acked) + " of " + sent;
        }
    }

    /**
     * It refused the last response and goes on with what it had.
     *
     * @param type of the resources
     * @param reason in its words
     */
    record Refused(String type, String reason) implements Progress {
        @Override
        public String word() {
            return "REFUSED";
        }

        @Override
        public String detail() {
            return type + ": " + reason;
        }
    }
}
