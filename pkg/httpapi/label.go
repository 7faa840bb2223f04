package httpapi

import (
	"time"

	"github.com/motcua/motcua/pkg/dossier"
)

// labels are the states as the national interface words them.
var labels = map[dossier.State]string{
	dossier.Registered:          "Mới đăng ký",
	dossier.Accepted:            "Được tiếp nhận",
	dossier.Refused:             "Không được tiếp nhận",
	dossier.InProgress:          "Đang xử lý",
	dossier.SupplementRequested: "Yêu cầu bổ sung giấy tờ",
	dossier.PaymentRequired:     "Yêu cầu thực hiện nghĩa vụ tài chính",
	dossier.Withdrawn:           "Công dân yêu cầu rút hồ sơ",
	dossier.Stopped:             "Dừng xử lý",
	dossier.Resolved:            "Đã xử lý xong",
	dossier.Returned:            "Đã trả kết quả",
}

// promiseLabels say why a date was promised, as a page tells it to people.
var promiseLabels = map[PromiseKind]string{
	PromiseKindFIRST: "Lần đầu", PromiseKindAFTERPAUSE: "Sau khi tạm dừng", PromiseKindRESTARTED: "Tính lại từ đầu sau bổ sung",
	PromiseKindEXTENDED: "Gia hạn", PromiseKindREAPPOINTED: "Hẹn lại", PromiseKindRECOMPUTED: "Lịch làm việc thay đổi", PromiseKindSOURCE: "Của hệ thống khác",
}

func promiseLabel(k PromiseKind) string { return promiseLabels[k] }

// timing is how a dossier stands to its promise at an instant. It says the same as the figures of the on-time report do of a period that
// is not over yet.
func timing(d dossier.Dossier, now time.Time) Timing {
	p := d.Promise()
	switch {
	case d.FinishedAt != nil && d.State != dossier.Resolved && d.State != dossier.Returned:
		return TimingENDED
	case d.FinishedAt == nil && d.Suspended() != nil:
		return TimingSUSPENDED
	case p == nil:
		return TimingUNDATED
	case d.FinishedAt == nil && now.Before(p.LateFrom):
		return TimingINTIME
	case d.FinishedAt == nil:
		return TimingOVERDUE
	case d.FinishedAt.Before(p.OnTimeFrom):
		return TimingEARLY
	case d.FinishedAt.Before(p.LateFrom):
		return TimingONTIME
	}
	return TimingLATE
}
