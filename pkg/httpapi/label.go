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

// requestLabels say who asked for a dossier back and how, as the applicant is told it: whoever did not ask can object.
var requestLabels = map[string]string{
	string(dossier.ByApplicant): "chủ hồ sơ", string(dossier.BySubmitter): "người nộp hồ sơ", string(dossier.ByProxy): "người được ủy quyền",
	string(dossier.Written): "bằng văn bản", string(dossier.AtCounter): "trực tiếp tại quầy", string(dossier.FromAfar): "trực tuyến",
}

func requestLabel(r WithdrawalRequest) string {
	return requestLabels[string(r.By)] + ", " + requestLabels[string(r.How)]
}

func promiseLabel(k PromiseKind) string { return promiseLabels[k] }
