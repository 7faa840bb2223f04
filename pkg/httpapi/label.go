package httpapi

import "github.com/motcua/motcua/pkg/dossier"

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
